// The roster grid by keyboard and by dragging, its choices in a dialogue, and a search that is followed while it runs.
// Without this script every place is a link to its choices, and every act a form.
"use strict";
(() => {
  const POLL_MS = 1000;
  const region = () => document.getElementById("plan");

  // --- which days: small buttons that fill in the two fields ------------------------------------
  for (const button of document.querySelectorAll(".spans [data-from]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.form.elements.namedItem("from_on").value = button.dataset.from;
      button.form.elements.namedItem("until_on").value = button.dataset.until;
    });
  }

  // --- following a search -----------------------------------------------------------------------
  const progress = document.getElementById("progress");
  const atWork = () => progress && progress.querySelector("[data-at-work='1']");
  async function follow() {
    try {
      const answer = await fetch(progress.dataset.progress, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok) {
        const fresh = document.createElement("template");
        fresh.innerHTML = await answer.text();
        progress.replaceChildren(fresh.content);
      }
    } catch (error) {
      // the connection is gone for a moment: the next look tells
    }
    if (atWork()) window.setTimeout(follow, POLL_MS);
    else window.location.reload();
  }
  if (atWork()) window.setTimeout(follow, POLL_MS);

  if (!region()) return;
  const dialog = document.getElementById("choose");
  const editable = () => region().dataset.editable === "1";
  const spots = () => Array.from(region().querySelectorAll("[data-spot]"));
  let current = null; // [shift, person] of the place that has the focus
  let dragged = null;

  // --- sending: the same forms, answered by the page itself --------------------------------------
  async function send(edit, fields) {
    const body = new FormData();
    body.set("csrf_token", region().dataset.csrf);
    body.set("idempotency_key", window.crypto.randomUUID ? window.crypto.randomUUID() : String(Date.now()) + String(Math.random()));
    for (const [name, value] of Object.entries(fields)) if (value) body.set(name, value);
    region().setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${region().dataset.plan}/${edit}?week=${region().dataset.week}`, {
        method: "POST", body, credentials: "same-origin", headers: { "X-Asked-By": "grid" },
      });
      if (answer.status === 409) {
        if (window.confirm(await answer.text())) await send(edit, { ...fields, even_so: "1" });
        return;
      }
      await show(answer);
    } catch (error) {
      window.location.reload();
    } finally {
      region().removeAttribute("aria-busy");
    }
  }

  async function show(answer) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const plan = fresh.getElementById("plan");
    if (!plan) { window.location.assign(answer.url); return; }
    region().replaceWith(document.adoptNode(plan));
    for (const part of [".acts", ".plots", ".weeks"]) {
      const now = document.querySelector(part);
      const then = fresh.querySelector(part);
      if (now && then) now.replaceWith(document.adoptNode(then));
    }
    for (const old of document.querySelectorAll("main > .notice")) old.remove();
    const main = document.getElementById("main");
    for (const notice of Array.from(fresh.querySelectorAll("main > .notice")).reverse()) main.prepend(document.adoptNode(notice));
    prepare();
    const at = spots().find((one) => current && one.dataset.shift === current[0] && (one.dataset.person || "") === current[1])
      || spots().find((one) => current && one.dataset.shift === current[0]);
    if (at) focus(at);
  }

  // --- focus: one place is in the order of tabs, arrows move it ----------------------------------
  function prepare() {
    const all = spots();
    all.forEach((one, n) => { one.tabIndex = n ? -1 : 0; });
    const why = document.getElementById("why");
    why.textContent = editable() ? why.dataset.hint : "";
  }

  function focus(spot) {
    for (const one of spots()) one.tabIndex = -1;
    spot.tabIndex = 0;
    spot.focus();
    spot.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function say(spot) {
    current = [spot.dataset.shift, spot.dataset.person || ""];
    const why = document.getElementById("why");
    const name = document.createElement("b");
    name.textContent = spot.textContent.trim().replace(/\s+/g, " ");
    why.replaceChildren(name, document.createTextNode(spot.dataset.why ? ` — ${spot.dataset.why}` : ""));
  }

  // The nearest place in a direction, by where things stand on the screen: right for table and list alike.
  function towards(from, key) {
    const box = from.getBoundingClientRect();
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    const along = key === "ArrowLeft" || key === "ArrowRight" ? "x" : "y";
    const sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
    let best = null;
    for (const one of spots()) {
      if (one === from) continue;
      const other = one.getBoundingClientRect();
      const dx = other.left + other.width / 2 - x;
      const dy = other.top + other.height / 2 - y;
      const ahead = sign * (along === "x" ? dx : dy);
      const aside = Math.abs(along === "x" ? dy : dx);
      if (ahead < 4 || (along === "y" && aside > box.width)) continue;
      const far = ahead + 3 * aside;
      if (!best || far < best[0]) best = [far, one];
    }
    return best && best[1];
  }

  async function choose(spot) {
    try {
      const answer = await fetch(spot.href + (spot.href.includes("?") ? "&" : "?") + "piece=1", { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || answer.redirected) { window.location.assign(spot.href); return; }
      const fresh = document.createElement("template");
      fresh.innerHTML = await answer.text();
      dialog.querySelector("[data-dialog-body]").replaceChildren(fresh.content);
      if (!dialog.open) dialog.showModal();
      const first = dialog.querySelector("[data-dialog-body] button");
      if (first) first.focus();
    } catch (error) {
      window.location.assign(spot.href);
    }
  }

  dialog.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    event.preventDefault();
    const edit = new URL(form.action).pathname.split("/").pop();
    const fields = {};
    for (const [name, value] of new FormData(form)) if (name !== "csrf_token" && name !== "idempotency_key") fields[name] = value;
    dialog.close();
    if (edit === "put") current = [fields.shift_id, fields.person_id];
    send(edit, fields);
  });

  document.addEventListener("focusin", (event) => {
    const spot = event.target.closest && event.target.closest("[data-spot]");
    if (spot) say(spot);
  });
  document.addEventListener("click", (event) => {
    const spot = event.target.closest("a[data-spot]");
    if (!spot || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    for (const one of spots()) one.tabIndex = one === spot ? 0 : -1;
    choose(spot);
  });
  document.addEventListener("keydown", (event) => {
    const spot = event.target.closest && event.target.closest("[data-spot]");
    if (!spot || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) {
      const next = towards(spot, event.key);
      event.preventDefault();
      if (next) focus(next);
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      const all = spots();
      focus(event.key === "Home" ? all[0] : all[all.length - 1]);
    } else if (editable() && spot.dataset.state === "planned" && (event.key === "l" || event.key === "L")) {
      event.preventDefault();
      send("lock", { shift_id: spot.dataset.shift, person_id: spot.dataset.person, locked: spot.dataset.locked ? "" : "1" });
    } else if (editable() && spot.dataset.state === "planned" && event.key === "Delete") {
      event.preventDefault();
      send("remove", { shift_id: spot.dataset.shift, person_id: spot.dataset.person });
    }
  });

  // --- dragging: onto a gap it moves, onto a person it takes their place -------------------------
  document.addEventListener("dragstart", (event) => {
    const spot = event.target.closest && event.target.closest("[data-spot][draggable]");
    if (!spot || !editable()) return;
    dragged = spot;
    spot.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", spot.dataset.person);
  });
  document.addEventListener("dragover", (event) => {
    const spot = event.target.closest && event.target.closest("[data-spot]");
    for (const one of region().querySelectorAll(".is-over")) if (one !== spot) one.classList.remove("is-over");
    if (!dragged || !spot || spot === dragged || (spot.dataset.state && spot.dataset.state !== "planned")) return;
    event.preventDefault();
    spot.classList.add("is-over");
  });
  document.addEventListener("drop", (event) => {
    const spot = event.target.closest && event.target.closest("[data-spot]");
    if (!dragged || !spot || spot === dragged) return;
    event.preventDefault();
    current = [spot.dataset.shift, dragged.dataset.person];
    send("put", { shift_id: spot.dataset.shift, person_id: dragged.dataset.person, instead_of: spot.dataset.person, moved_from: dragged.dataset.shift });
  });
  document.addEventListener("dragend", () => {
    for (const one of region().querySelectorAll(".is-over, .is-dragged")) one.classList.remove("is-over", "is-dragged");
    dragged = null;
  });

  prepare();
})();
