// A wall tells the desk that it lives, what it shows and whether it can be heard; and the room, when its picture is old.
"use strict";
(() => {
  const root = document.querySelector("[data-wall]");
  if (!root) return;
  const BEAT_MS = 20000;
  const OLD_MS = 4000;
  const page = document.querySelector(".wall-page");
  const stale = document.querySelector("[data-stale]");
  let heard = new Date();
  let since = 0;
  let leaving = false;

  const random = () => (crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) => (c ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> c / 4).toString(16)));
  function kept(name, make) {
    try {
      const found = localStorage.getItem(name) || make();
      localStorage.setItem(name, found);
      return found;
    } catch (error) { return make(); }
  }
  const id = kept("wall-display", random);
  if (root.dataset.name) { try { localStorage.setItem("wall-name", root.dataset.name); } catch (error) { /* not kept */ } }
  const name = root.dataset.name || kept("wall-name", () => "");

  async function beat() {
    const board = root.querySelector("[data-version]");
    const body = new FormData();
    body.append("csrf_token", root.dataset.csrf);
    body.append("sound", window.xiuhaoVoice.state());
    body.append("name", name);
    if (board) body.append("shown", board.dataset.version);
    if (leaving) body.append("leaving", "1");
    try {
      const answer = await fetch(root.dataset.beat + id, { method: "POST", body, credentials: "same-origin", keepalive: true });
      if (!answer.ok || answer.redirected) return;
      const place = document.querySelector("[data-display]");
      const { number } = await answer.json();
      place.textContent = name || place.dataset.text.replace("{n}", number);
    } catch (error) { /* the desk sees the silence */ }
  }

  const time = (at) => at.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  function look() {
    const state = document.querySelector("[data-live-status]").getAttribute("data-state");
    if (state !== "wait") { heard = new Date(); since = 0; }
    else since = since || Date.now();
    const old = since && Date.now() - since > OLD_MS;
    page.classList.toggle("is-stale", Boolean(old));
    if (stale.hidden !== !old) stale.hidden = !old;
    if (!old) return;
    const text = `${stale.dataset.text} · ${stale.dataset.also}`.replaceAll("{t}", time(heard));
    if (stale.textContent !== text) stale.textContent = text;
  }

  window.addEventListener("pagehide", () => { leaving = true; beat(); });
  window.addEventListener("pageshow", () => { leaving = false; beat(); });
  window.addEventListener("online", beat);
  root.addEventListener("voice:state", beat);
  window.setInterval(beat, BEAT_MS);
  window.setInterval(look, 1000);
})();
