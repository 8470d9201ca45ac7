// The wall's calls: each new call is shown for a while and chimed, first in, first out, so two never overwrite each other.
"use strict";
(() => {
  const root = document.querySelector("[data-wall]");
  if (!root) return;
  const SHOW_MS = 7000;
  const seen = new Set();
  const waiting = [];
  let shown = null;
  let until = 0;
  let timer = 0;
  let first = true;
  let drift = 0;
  let newest = null;

  const sound = (() => {
    let audio = null;
    const on = () => localStorage.getItem("wall-sound") !== "off";
    const wake = () => {
      if (!on() || !window.AudioContext) return;
      audio = audio || new AudioContext();
      if (audio.state === "suspended") audio.resume().then(label, () => {});
      label();
    };
    const ready = () => Boolean(audio) && audio.state === "running";
    function label() {
      const button = document.querySelector("[data-sound]");
      if (!button) return;
      const state = !on() ? "off" : ready() ? "on" : "wait";
      button.textContent = button.dataset[state];
      button.setAttribute("aria-pressed", String(state === "on"));
    }
    function tone(frequency, start, seconds) {
      const oscillator = audio.createOscillator();
      const gain = audio.createGain();
      oscillator.frequency.value = frequency;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(0.35, start + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.001, start + seconds);
      oscillator.connect(gain).connect(audio.destination);
      oscillator.start(start);
      oscillator.stop(start + seconds);
    }
    function speak(text, lang) {
      if (!text || !window.speechSynthesis) return;
      const voice = speechSynthesis.getVoices().find((v) => v.localService && v.lang.toLowerCase().startsWith(lang));
      if (!voice) return;
      const words = new SpeechSynthesisUtterance(text);
      words.voice = voice;
      words.lang = voice.lang;
      words.rate = 0.9;
      speechSynthesis.speak(words);
    }
    function call(item) {
      if (!ready()) return;
      tone(659, audio.currentTime + 0.02, 0.7);
      tone(523, audio.currentTime + 0.42, 1.1);
      if (item) window.setTimeout(() => speak(item.say, "zh"), 1500);
    }
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-sound]")) return wake();
      const state = ready() && on();
      localStorage.setItem("wall-sound", state ? "off" : "on");
      if (state) audio.suspend().then(label, () => {});
      wake();
      label();
      if (!state) window.setTimeout(() => call(null), 150);
    });
    document.addEventListener("keydown", wake);
    return { call, label };
  })();

  const read = (li) => ({ key: li.dataset.key, number: li.dataset.number, bench: li.dataset.bench,
    go: li.dataset.go, also: li.dataset.also, name: li.dataset.name, say: li.dataset.say });
  const calls = () => Array.from(root.querySelectorAll("[data-calls] > li"), read);

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
    window.clearTimeout(timer);
    timer = 0;
    const standing = new Set(calls().map((item) => item.key));
    while (waiting.length && !standing.has(waiting[0].key)) waiting.shift();
    if (!waiting.length) return settle();
    shown = waiting.shift();
    until = Date.now() + SHOW_MS;
    put(shown);
    sound.call(shown);
    timer = window.setTimeout(next, SHOW_MS);
  }

  function update() {
    const list = calls();
    const panel = root.querySelector("[data-call]");
    newest = panel ? panel.cloneNode(true) : null;
    for (const item of list) {
      if (seen.has(item.key)) continue;
      seen.add(item.key);
      if (!first) waiting.push(item);
    }
    first = false;
    if (shown && Date.now() < until && list.some((item) => item.key === shown.key)) put(shown);
    else if (!timer || shown) next();
    fit();
    clock();
    sound.label();
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
  window.setInterval(clock, 1000);
  update();
})();
