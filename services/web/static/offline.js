// A desk that survives bad Wi-Fi: what is done without a connection is kept here, in order, and sent when the network is back.
"use strict";
(() => {
  const desk = document.querySelector("[data-desk]");
  const box = document.getElementById("desk-offline");
  if (!desk || !box || !window.xiuhaoKept) return;
  const store = window.xiuhaoKept;
  const { session, person } = box.dataset;
  const words = JSON.parse(box.dataset.words);
  const CACHE = "xiuhao-desk-1";
  const OFFSET = "desk-clock-offset";
  const PROBE_MS = 5000;
  const SLOW_MS = 8000;
  const part = (name) => box.querySelector(`[data-part="${name}"]`);
  const live = () => document.getElementById("desk-live");
  let offline = false;
  let signIn = false;
  let acts = [];
  let clock = null;
  let csrf = "";
  let who = person;
  let probeTimer = 0;
  let since = null;

  const uuid = () => (crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16)));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "—");
  const hhmm = (at) => new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  const mine = () => acts.filter((one) => one.person === who);
  const waiting = () => mine().filter((one) => one.state === "waiting");
  const here = () => acts.filter((one) => one.session === session && one.person === person);

  // The suite's clock as this device knows it: its own clock is often wrong, and a suspended one stands still.
  function suiteNow() {
    let offset = 0;
    try { offset = Number(localStorage.getItem(OFFSET)) || 0; } catch (error) { /* the device's clock then */ }
    const byClock = Date.now() + offset;
    return clock ? Math.max(clock.at + performance.now() - clock.perf, byClock) : byClock;
  }
  function setClock(at, began) {
    const now = at + (performance.now() - began) / 2;
    clock = { at: now, perf: performance.now() };
    try { localStorage.setItem(OFFSET, String(Math.round(now - Date.now()))); } catch (error) { /* this page knows it */ }
  }

  async function probe() {
    const began = performance.now();
    const answer = await fetch(`/desk/${session}/outbox`, { credentials: "same-origin", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(SLOW_MS) });
    signIn = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
    if (signIn) return true;
    if (!answer.ok) throw new Error(String(answer.status));
    const said = await answer.json();
    setClock(Date.parse(said.now) || Date.parse(answer.headers.get("Date")), began);
    csrf = said.csrf;
    who = said.person;
    return true;
  }

  function lost() {
    if (!offline) { offline = true; since = since || suiteNow(); render(); }
    window.clearTimeout(probeTimer);
    probeTimer = window.setTimeout(look, PROBE_MS);
  }
  async function look() {
    window.clearTimeout(probeTimer);
    try { await probe(); } catch (error) { return lost(); }
    const back = offline;
    offline = false;
    since = null;
    render();
    if (!signIn) await flush();
    if (back && window.xiuhaoLive) window.xiuhaoLive.reload();
    return undefined;
  }

  // One window sends at a time, one act after the other: an act is never overtaken by a later one.
  const alone = (work) => (navigator.locks ? navigator.locks.request("xiuhao-desk-send", work) : work());
  const flush = () => alone(async () => {
    await refresh();
    let sent = 0;
    for (const act of waiting()) {
      let answer;
      try { answer = await post(act); } catch (error) { lost(); break; }
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) { signIn = true; break; }
      if (answer.status >= 500 || answer.status === 429) { window.clearTimeout(probeTimer); probeTimer = window.setTimeout(look, PROBE_MS); break; }
      const said = await answer.json().catch(() => ({}));
      await settle(act, answer.ok ? said.result : "refused", said);
      sent += 1;
    }
    await refresh();
    if (sent && window.xiuhaoLive) window.xiuhaoLive.reload();
  });
  const post = (act) => fetch(`/desk/${act.session}/acts`, {
    method: "POST", credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(SLOW_MS * 2),
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ id: act.id, kind: act.kind, given: given(act), occurred_at: act.occurred_at, person: act.person }),
  });
  function given(act) {
    const before = act.given.of ? acts.find((one) => one.id === act.given.of) : null;
    return before && before.number ? { ...act.given, of: undefined, number: before.number } : act.given;
  }
  async function settle(act, state, said) {
    // who got a number while nobody could see it must still be told; the rest that went well is done
    if (state === "done" && act.kind !== "walk_in") return store.remove(act.seq);
    return store.put({ ...act, state, number: said.number || act.number, text: said.text || "" });
  }

  async function keep(meant, id) {
    const now = suiteNow();
    const act = { id: id || uuid(), session, person, kind: meant.kind, given: meant.given, label: meant.label, temp: meant.temp || "", occurred_at: new Date(now).toISOString(), device_at: new Date().toISOString(), state: "waiting", number: "", text: "" };
    try { await store.add(act); } catch (error) { return tell(words.full, true); }
    await refresh();
    tell(fill(words.kept, { what: meant.label }));
    if (!offline) look();
    return undefined;
  }

  // ---- what a form of the desk means, without the desk's services

  const ROUTES = [
    [/^\/desk\/[\w-]+\/check-in$/, (data) => (data.get("q") || "").trim() && { kind: "check_in", given: { q: data.get("q").trim() }, label: fill(words.check_in, { who: data.get("q").trim().slice(-12).toUpperCase() }) }],
    [/\/appointments\/([\w-]+)\/check-in$/, (data, [, id], form) => ({ kind: "check_in", given: { appointment_id: id }, label: fill(words.check_in, { who: near(form) }) })],
    [/\/visits\/([\w-]+)\/(absent|return|leave)$/, (data, [, id, act], form) => {
      const kind = act === "return" ? "back" : act;
      return { kind, given: { visit_id: id, number: near(form) }, label: fill(words[kind], { who: near(form) }) };
    }],
    [/\/tickets\/([\w-]+)\/start$/, (data, [, id], form) => ({ kind: "start", given: { ticket_id: id, number: near(form), bench: Number(data.get("bench")), volunteer_id: data.get("volunteer_id") || undefined }, label: fill(words.start, { who: near(form), bench: data.get("bench") }) })],
    [/\/tickets\/([\w-]+)\/close$/, (data, [, id], form) => ({ kind: "outcome", given: { ticket_id: id, ...outcome(data) }, label: fill(words.outcome, { who: title(form), outcome: words.statuses[data.get("status")] }) })],
    [/\/walk-in$/, (data) => walkIn(data)],
    [/\/assignments\/([\w-]+)\/(check-in|check-out)$/, (data, [, id, act], form) => ({ kind: "duty", given: { assignment_id: id, act }, label: fill(words[act], { who: (form.closest("li") || form).querySelector("bdi")?.textContent || "" }) })],
  ];
  const numberOn = (card) => (card.querySelector(".big") || card.querySelector("b")).textContent.trim();
  function near(form) {
    const card = form.closest(".desk-bench, .desk-row");
    if (card) return numberOn(card);
    const button = form.querySelector("button[title]");
    return button ? button.title : "";
  }
  const title = (form) => (form.closest("dialog")?.querySelector("h1")?.textContent.match(/[AB]\d+/) || ["—"])[0];
  function outcome(data) {
    const status = data.get("status");
    const said = { status, note: (data.get("note") || "").trim(), brand: (data.get("brand") || "").trim() };
    if (status === "End of life" && data.get("barrier")) said.barrier = data.get("barrier");
    if (data.get("category_id")) said.category_id = Number(data.get("category_id"));
    return said;
  }
  function walkIn(data) {
    if (!data.get("category_id")) return null;
    const temp = `T${1 + here().filter((one) => one.temp).length}`;
    const device = { category_id: Number(data.get("category_id")), brand: (data.get("brand") || "").trim(), problem: (data.get("problem") || "").trim() };
    return { kind: "walk_in", temp, given: { name: (data.get("name") || "").trim(), devices: [device] }, label: fill(words.walk_in, { who: temp }) };
  }
  function meaning(form, submitter) {
    const path = new URL((submitter && submitter.getAttribute("formaction")) || form.action, location.href).pathname;
    const data = new FormData(form);
    for (const [pattern, make] of ROUTES) {
      const found = path.match(pattern);
      if (found) return { path, meant: make(data, found, form) };
    }
    return { path, meant: null };
  }
  // A number as typed, or the temporary one of somebody who was taken in without a connection.
  function named(typed) {
    const text = typed.trim().toUpperCase();
    const own = here().find((one) => one.temp === text);
    if (own) return own.number ? { number: own.number } : { of: own.id };
    const match = text.match(/^([AB]?)(\d{1,4})$/);
    return match ? { number: `${match[1] || "A"}${match[2].padStart(3, "0")}` } : null;
  }
  const OWN = {
    call: (data) => ({ kind: "call", given: { ...named(data.get("number")), bench: Number(data.get("bench")) }, label: fill(words.call, { who: data.get("number").toUpperCase(), bench: data.get("bench") }) }),
    outcome: (data) => ({ kind: "outcome", given: { ...named(data.get("number")), ...outcome(data) }, label: fill(words.outcome, { who: data.get("number").toUpperCase(), outcome: words.statuses[data.get("status")] }) }),
    walk_in: (data) => walkIn(data),
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("[data-desk]") || form.method !== "post") return;
    const own = form.dataset.act;
    if (!own && !offline && !here().some((one) => one.state === "waiting")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (own) {
      const data = new FormData(form);
      if (own !== "walk_in" && !named(data.get("number") || "")) { form.querySelector("[name=number]").focus(); return void tell(words.number, true); }
      const meant = OWN[own](data);
      if (meant) keep(meant).then(() => form.reset());
      return;
    }
    const { path, meant } = meaning(form, event.submitter);
    if (!meant) return void tell(path.endsWith("/call-next") ? words.next : words.never, true);
    const dialog = form.closest("dialog");
    keep(meant).then(() => { if (dialog) dialog.close(); if (form.hasAttribute("data-clear")) form.reset(); });
  }, true);

  // A form went out and nobody knows whether it arrived: it is kept under its own key, so it is done once.
  desk.addEventListener("desk:unreached", (event) => {
    lost();
    const { form, submitter } = event.detail;
    if (!form) { event.preventDefault(); tell(words.closed, true); return; }
    const { path, meant } = meaning(form, submitter);
    const key = form.querySelector("[name=idempotency_key]");
    event.preventDefault();
    if (!meant) return void tell(path.endsWith("/call-next") ? words.next : words.never, true);
    const dialog = form.closest("dialog");
    keep(meant, key && /^[0-9a-f-]{36}$/.test(key.value) ? key.value : undefined).then(() => {
      if (key) key.value = uuid();
      if (dialog) dialog.close();
      if (form.hasAttribute("data-clear")) form.reset();
    });
  });

  // ---- what the page shows

  function tell(text, bad) {
    const list = document.getElementById("desk-flashes");
    const item = document.createElement("div");
    item.className = bad ? "desk-toast bad" : "desk-toast";
    item.textContent = text;
    list.replaceChildren(item);
    window.setTimeout(() => item.remove(), 7000);
  }
  async function refresh() {
    acts = (await store.all()).sort((one, other) => one.seq - other.seq);
    render();
  }
  function line(act) {
    const item = document.createElement("li");
    const add = (name, text, kind) => { const made = document.createElement(name); made.textContent = text; if (kind) made.className = kind; item.append(made); return made; };
    add("time", hhmm(act.occurred_at));
    add("bdi", act.state === "done" && act.number ? fill(words.given, { temp: act.temp, number: act.number }) : act.label);
    add("span", words.states[act.state], act.state === "waiting" ? "tag warn" : act.state === "done" ? "tag go" : "tag bad");
    if (act.state !== "waiting" && act.text) add("small", act.text);
    const used = act.state === "waiting" && acts.some((one) => one.given.of === act.id && one.state === "waiting");
    if (!used) {
      const button = add("button", act.state === "waiting" ? words.take_back : words.seen, "desk-mini");
      button.type = "button";
      button.addEventListener("click", () => store.remove(act.seq));
    }
    return item;
  }
  function render() {
    const own = here();
    const count = own.filter((one) => one.state === "waiting").length;
    const others = acts.filter((one) => one.person !== person && one.state === "waiting").length;
    const elsewhere = acts.filter((one) => one.person === person && one.session !== session && one.state === "waiting").length;
    desk.classList.toggle("is-offline", offline);
    box.hidden = !offline && !own.length && !others && !elsewhere;
    part("off").hidden = !offline;
    part("forms").hidden = !offline;
    part("since").textContent = offline ? fill(words.since, { time: hhmm(since || suiteNow()) }) : "";
    part("count").textContent = count ? fill(words.count, { n: count }) : own.length ? words.all_sent : "";
    part("others").textContent = [others && fill(words.others, { n: others }), elsewhere && fill(words.elsewhere, { n: elsewhere })].filter(Boolean).join(" ");
    part("sign-in").hidden = !(signIn && (count || elsewhere));
    part("clash").hidden = !own.some((one) => one.state === "conflict");
    part("list").replaceChildren(...own.map(line));
    marks();
  }
  // Rows and benches that a kept act speaks of say so.
  function marks() {
    for (const old of desk.querySelectorAll("[data-kept]")) old.remove();
    const said = new Map(here().filter((one) => one.state === "waiting").map((one) => [one.given.number || one.given.q, one.label]));
    for (const row of live().querySelectorAll(".desk-row, .desk-bench")) {
      const number = numberOn(row);
      if (!said.has(number)) continue;
      const tag = document.createElement("span");
      tag.className = "tag warn";
      tag.dataset.kept = "";
      tag.textContent = words.states.waiting;
      tag.title = said.get(number);
      (row.querySelector(".desk-acts") || row).prepend(tag);
    }
    const numbers = part("numbers");
    const known = [...Array.from(live().querySelectorAll(".desk-row b, .desk-bench .big"), (one) => one.textContent.trim()).filter((one) => /^[AB]\d+$/.test(one)), ...here().filter((one) => one.temp && !one.number).map((one) => one.temp)];
    numbers.replaceChildren(...[...new Set(known)].map((value) => { const option = document.createElement("option"); option.value = value; return option; }));
  }

  // ---- opening without a connection

  async function settleIn() {
    if (!navigator.serviceWorker || !window.caches) return;
    try {
      await navigator.serviceWorker.register("/desk/worker.js", { scope: "/desk/" });
      const cache = await caches.open(CACHE);
      const files = Array.from(document.querySelectorAll("link[rel=stylesheet][href], script[src], link[rel=icon]"), (one) => one.href || one.src);
      for (const old of await cache.keys()) if (new URL(old.url).pathname.startsWith("/static/") && !files.includes(old.url)) await cache.delete(old);
      await Promise.all(files.map(async (file) => (await cache.match(file)) || cache.add(file)));
      const answer = await fetch(location.pathname, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok && !answer.redirected) await cache.put(location.pathname, answer);
      await navigator.serviceWorker.ready;
      box.dataset.ready = ""; // from now on the desk opens without a connection
    } catch (error) { /* the page still keeps what is done while it stays open */ }
  }
  async function lastSeen() {
    if (!window.caches) return;
    const answer = await caches.match(live().dataset.fragment, { cacheName: CACHE });
    if (!answer) return;
    const at = Date.parse(answer.headers.get("Date"));
    if (!at || at < Date.parse(box.dataset.at)) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    live().replaceChildren(fresh.content);
    since = at;
    render();
  }

  const status = document.querySelector("[data-live-status]");
  new MutationObserver(() => { if (status.getAttribute("data-state") === "wait" || offline) look(); }).observe(status, { attributes: true, attributeFilter: ["data-state"] });
  window.addEventListener("offline", lost);
  window.addEventListener("online", look);
  live().addEventListener("live:swapped", marks);
  store.onChange(refresh);
  refresh().then(look).then(() => (offline ? lastSeen() : settleIn()));
})();
