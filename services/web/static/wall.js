// The wall's calls: each new call is shown and said to its end, first in, first out, so two never overwrite each other.
"use strict";
(() => {
  const root = document.querySelector("[data-wall]");
  if (!root) return;
  const voice = window.xiuhaoVoice;
  const SHOW_MS = 7000;
  const seen = new Set();
  const waiting = [];
  let shown = null;
  let first = true;
  let drift = 0;
  let newest = null;

  const read = (li) => ({ ...li.dataset, open: "open" in li.dataset, born: performance.now() - Number(li.dataset.age) * 1000 });
  const calls = () => Array.from(root.querySelectorAll("[data-calls] > li"), read);
  const fresh = (item) => performance.now() - item.born < voice.STALE_MS;

  function put(item) {
    const panel = root.querySelector("[data-call]");
    if (!panel || panel.dataset.key === item.key && !panel.classList.contains("is-quiet")) return more(panel);
    const part = (name) => panel.querySelector(`[data-part="${name}"]`);
    panel.classList.remove("is-quiet");
    panel.dataset.key = item.key;
    for (const name of ["go", "also", "number", "name"]) if (part(name)) part(name).textContent = item[name] || "";
    if (part("number")) part("number").classList.toggle("is-long", item.number.length > 5);
    for (const block of panel.querySelectorAll("[data-when]")) block.hidden = block.dataset.when !== "call";
    more(panel);
  }

  function more(panel) {
    const place = panel && panel.querySelector('[data-part="more"]');
    if (place) place.textContent = waiting.length ? place.dataset.text.replace("{n}", waiting.length) : "";
  }

  // What the service says stands now, kept from before a queued call was put over it.
  function settle() {
    shown = null;
    const panel = root.querySelector("[data-call]");
    if (panel && newest && !panel.isEqualNode(newest)) panel.replaceWith(newest.cloneNode(true));
  }

  function next() {
    const standing = new Map(calls().map((item) => [item.key, item]));
    while (waiting.length && !standing.has(waiting[0].key)) waiting.shift();
    if (!waiting.length) return settle();
    const item = shown = standing.get(waiting.shift().key);
    put(item);
    const least = new Promise((done) => window.setTimeout(done, SHOW_MS));
    // somebody who is at the bench already needs no calling aloud
    const loud = item.open ? voice.announce(item) : Promise.resolve();
    Promise.all([least, loud]).then(() => { if (shown === item) next(); });
  }

  function update() {
    const list = calls();
    const panel = root.querySelector("[data-call]");
    newest = panel ? panel.cloneNode(true) : null;
    for (const item of list) {
      if (seen.has(item.key)) continue;
      seen.add(item.key);
      // after a reload: what this machine has not said yet; after a gap: what is not long past
      if (first ? item.open && fresh(item) && !voice.said(item.key) : fresh(item)) waiting.push(item);
    }
    first = false;
    if (shown && list.some((item) => item.key === shown.key)) put(shown);
    else next();
    fit();
    clock();
  }

  // A tap that turns the sound on says the call that is on the wall, unless it is old.
  function heard(event) {
    if (event.detail !== "voice" && event.detail !== "chime") return;
    const open = calls().filter((item) => item.open && fresh(item) && !voice.said(item.key));
    const last = open[open.length - 1];
    if (last && !shown) { waiting.push(last); next(); } else if (last && shown.key === last.key) voice.announce(last);
  }

  function fit() {
    const number = root.querySelector('[data-part="number"]');
    if (number) number.classList.toggle("is-long", number.textContent.trim().length > 5);
  }

  function clock() {
    const place = root.querySelector("[data-clock]");
    if (!place) return;
    if (place.dataset.now) {
      drift = Date.parse(place.dataset.now) - Date.now();
      delete place.dataset.now;
    }
    const text = new Date(Date.now() + drift).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: place.dataset.zone });
    if (place.textContent !== text) place.textContent = text;
  }

  root.addEventListener("live:swapped", update);
  root.addEventListener("voice:state", heard);
  window.setInterval(clock, 1000);
  update();
})();
