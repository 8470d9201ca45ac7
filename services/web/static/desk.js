// The desk by keyboard: ⏎ acts on the chosen bench, digits choose one, forms go without a page load, scanners just type.
"use strict";
(() => {
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const dialog = document.getElementById("desk-dialog");
  const flashes = () => document.getElementById("desk-flashes");
  const live = () => document.getElementById("desk-live");
  const SCAN_GAP_MS = 45;
  const PATIENCE_MS = 12000;
  let chosen = null;
  let choices = 0; // how often a digit chose, so that one pressed while a form is on its way is not taken back
  let typed = "";
  let scanTimer = 0;
  let busy = false;

  const field = (element) => Boolean(element) && /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
  const bench = (number) => live().querySelector(`[data-bench="${number}"]`);

  function choose(number) {
    chosen = number && bench(number) ? String(number) : null;
    for (const card of live().querySelectorAll("[data-bench]")) {
      card.classList.toggle("is-chosen", card.dataset.bench === chosen);
    }
    const button = live().querySelector("[data-call-next]");
    if (!button) return;
    const card = chosen ? bench(chosen) : null;
    const label = card && card.dataset.does ? card.dataset.does : button.dataset.text;
    const place = button.querySelector("[data-label]");
    if (place && place.textContent !== label) place.textContent = label;
    button.disabled = card ? !card.dataset.does : button.hasAttribute("data-nobody");
  }

  function toast(text, bad) {
    const list = flashes();
    if (!list) return;
    const item = document.createElement("div");
    item.className = bad ? "desk-toast bad" : "desk-toast";
    item.textContent = text;
    list.replaceChildren(item);
    expire();
  }

  function expire() {
    const items = flashes() ? Array.from(flashes().children) : [];
    for (const item of items) {
      if (item.dataset.expires) continue;
      item.dataset.expires = "1";
      window.setTimeout(() => { if (!item.matches(":focus-within")) item.remove(); }, item.classList.contains("bad") ? 12000 : 7000);
    }
  }

  function swap(id, page) {
    const fresh = page.getElementById(id);
    const old = document.getElementById(id);
    if (!fresh || !old) return;
    const active = document.activeElement && old.contains(document.activeElement) ? document.activeElement.id : "";
    const scrolls = Array.from(old.querySelectorAll("[data-keep-scroll][id]"), (e) => [e.id, e.scrollTop]);
    old.replaceChildren(...Array.from(fresh.childNodes, (node) => document.importNode(node, true)));
    for (const [name, top] of scrolls) {
      const element = document.getElementById(name);
      if (element) element.scrollTop = top;
    }
    if (active && document.getElementById(active)) document.getElementById(active).focus({ preventScroll: true });
  }

  function show(page) {
    const body = page.querySelector("[data-dialog-body]");
    if (!body) return false;
    dialog.replaceChildren(document.importNode(body, true));
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector("[autofocus], [aria-invalid=true], input:not([type=hidden]), select, textarea, button");
    if (first) first.focus();
    return true;
  }

  function close() {
    if (dialog.open) dialog.close();
    dialog.replaceChildren();
  }

  // Nothing came back: offline.js may keep what was meant; else the desk says that it was not done.
  const unreached = (detail) => {
    if (desk.dispatchEvent(new CustomEvent("desk:unreached", { cancelable: true, detail }))) toast(desk.dataset.away, true);
  };

  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  async function open(url) {
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (!show(parse(await answer.text()))) window.location.assign(url);
    } catch (error) {
      unreached({ url });
    }
  }

  function refused(page) {
    const why = page.querySelector("main p");
    toast(why ? why.textContent : desk.dataset.away, true);
    if (window.xiuhaoLive) window.xiuhaoLive.reload();
  }

  async function send(form, submitter) {
    if (busy) return;
    busy = true;
    desk.setAttribute("aria-busy", "true"); // stays where a live update replaces the form
    form.setAttribute("aria-busy", "true");
    const before = choices;
    const data = new FormData(form);
    if (submitter && submitter.name) data.append(submitter.name, submitter.value);
    try {
      const url = (submitter && submitter.getAttribute("formaction")) || form.getAttribute("action") || window.location.href;
      const answer = await fetch(url, { method: "POST", body: data, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
      const page = parse(await answer.text());
      if (page.getElementById("desk-live")) {
        close();
        swap("desk-live", page);
        swap("desk-flashes", page);
        if (form.hasAttribute("data-clear") && answer.ok) form.reset();
        refreshKeys(page);
        choose(choices === before ? null : chosen); // a bench that was chosen meanwhile stays chosen
        expire();
      } else if (!show(page)) {
        if (answer.redirected) window.location.assign(answer.url);
        else refused(page); // the address of a form is no page to go to
      }
    } catch (error) {
      unreached({ form, submitter });
    } finally {
      busy = false;
      desk.removeAttribute("aria-busy");
      form.removeAttribute("aria-busy");
      form.removeAttribute("data-sent");
      if (submitter) submitter.classList.remove("busy");
    }
  }

  function refreshKeys(page) {
    for (const form of desk.querySelectorAll("form[data-keep]")) {
      const fresh = page.getElementById(form.id);
      const key = fresh && fresh.querySelector("[name=idempotency_key]");
      const mine = form.querySelector("[name=idempotency_key]");
      if (key && mine) mine.value = key.value;
    }
  }

  function act() {
    const card = chosen ? bench(chosen) : null;
    const target = card ? card.querySelector("[data-main]") : live().querySelector("[data-call-next]");
    if (target && !target.disabled) target.click();
  }

  const press = (name) => {
    const card = chosen ? bench(chosen) : null;
    const target = (card && card.querySelector(`[data-key="${name}"]`)) || live().querySelector(`[data-key="${name}"]`) || desk.querySelector(`[data-key="${name}"]`);
    if (target && !target.disabled) target.click();
  };

  function digit(name) {
    choices += 1;
    choose(chosen === name && !busy ? null : name); // while its form is on its way, a bench is chosen anew
  }

  function key(name) {
    if (/^[1-9]$/.test(name)) return digit(name);
    if (name === "/") return document.getElementById("scan").focus();
    if (name === "Escape") return choose(null);
    if (name === "Enter") return act();
    return press(name.toLowerCase());
  }

  function scanned(text) {
    const box = document.getElementById("scan");
    box.value = text;
    box.form.requestSubmit();
  }

  function flush() {
    const text = typed;
    typed = "";
    if (text.length <= 2) for (const letter of text) key(letter);
  }

  function inDialog(event) {
    if (field(document.activeElement) && document.activeElement.type !== "radio") {
      if (event.key === "Enter" && document.activeElement.tagName === "TEXTAREA" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        document.activeElement.form.requestSubmit();
      }
      return;
    }
    const choice = dialog.querySelector(`[data-digit="${event.key}"]`);
    if (choice) {
      event.preventDefault();
      choice.checked = true;
      choice.focus();
      choice.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    if (dialog.open) return inDialog(event);
    if (event.ctrlKey || event.metaKey) return;
    const active = document.activeElement;
    if (field(active)) {
      if (event.key === "Escape") active.blur();
      return;
    }
    if (event.key === "Enter") {
      if (typed.length >= 3) {
        event.preventDefault();
        window.clearTimeout(scanTimer);
        const text = typed;
        typed = "";
        return scanned(text);
      }
      flush();
      if (active && active.closest("a, button, summary")) return;
      event.preventDefault();
      return key("Enter");
    }
    if (event.key === "Escape") return key("Escape");
    if (event.key.length !== 1 || event.key === " ") return;
    event.preventDefault();
    typed += event.key;
    window.clearTimeout(scanTimer);
    scanTimer = window.setTimeout(flush, SCAN_GAP_MS);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("[data-desk]") || form.method !== "post") return;
    event.preventDefault();
    send(form, event.submitter);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]") && dialog.contains(event.target)) {
      event.preventDefault();
      return close();
    }
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.href);
  });
  dialog.addEventListener("close", () => dialog.replaceChildren());

  live().addEventListener("live:swapped", () => choose(chosen));
  expire();
})();
