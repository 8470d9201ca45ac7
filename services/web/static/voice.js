// The voice of a wall: announcements one after the other, in voices that live on this very machine; without one, a chime.
// No network voice, ever. A call is said once, also across reloads and windows; one that is too old is dropped.
"use strict";
(() => {
  const root = document.querySelector("[data-wall]");
  if (!root) return;
  const STALE_MS = 90000;
  const REMEMBER_MS = 43200000;
  const NOTE = `wall-said:${root.dataset.live}`;
  const CHOICE = "wall-sound";
  const first = root.lang.startsWith("en") ? "en" : "zh";
  const ORDER = first === "en" ? ["en", "zh"] : ["zh", "en"];
  const BETTER = { zh: ["zh-cn", "cmn-hans", "cmn", "zh"], en: ["en-gb", "en-us", "en"] };
  const synth = window.speechSynthesis || null;
  const queue = [];
  let audio = null;
  let refused = false;
  let busy = false;
  let held = null; // an utterance that nothing refers to may never end
  let told = "";

  const pause = (ms) => new Promise((done) => window.setTimeout(done, ms));
  const chosen = () => read(CHOICE) !== "off";
  const touched = () => Boolean(navigator.userActivation && navigator.userActivation.hasBeenActive);
  const tones = () => Boolean(audio) && audio.state === "running";

  function read(name) {
    try { return localStorage.getItem(name); } catch (error) { return null; }
  }
  function write(name, value) {
    try { localStorage.setItem(name, value); } catch (error) { /* private windows forget */ }
  }

  // The best voice of a language that needs no network; null where there is none.
  function voice(language) {
    const local = synth ? synth.getVoices().filter((one) => one.localService === true) : [];
    for (const wanted of BETTER[language]) {
      const found = local.find((one) => one.lang.toLowerCase().replace("_", "-").startsWith(wanted));
      if (found) return found;
    }
    return null;
  }

  function state() {
    if (!chosen()) return "off";
    if (refused || !(tones() || touched())) return "blocked";
    return voice("zh") || voice("en") ? "voice" : "chime";
  }

  function notes() {
    try { return JSON.parse(read(NOTE)) || {}; } catch (error) { return {}; }
  }
  const said = (key) => key in notes();
  function remember(key) {
    const now = Date.now();
    const kept = Object.entries(notes()).filter(([, at]) => now - at < REMEMBER_MS);
    write(NOTE, JSON.stringify({ ...Object.fromEntries(kept), [key]: now }));
  }

  async function wake() {
    if (!chosen() || !window.AudioContext) return show();
    audio = audio || new AudioContext();
    try { if (audio.state === "suspended") await audio.resume(); } catch (error) { /* still blocked */ }
    show();
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
  async function chime() {
    if (!tones()) return;
    tone(659, audio.currentTime + 0.02, 0.7);
    tone(523, audio.currentTime + 0.42, 1.0);
    await pause(1300);
  }

  // Says a text to its end; resolves to whether it was heard. A voice that never ends is ended.
  function speak(text, by) {
    return new Promise((done) => {
      const words = held = new SpeechSynthesisUtterance(text);
      const guard = window.setTimeout(() => { synth.cancel(); end(false); }, Math.min(25000, 6000 + text.length * 400));
      function end(heard) {
        window.clearTimeout(guard);
        words.onend = words.onerror = null;
        done(heard);
      }
      words.voice = by;
      words.lang = by.lang;
      words.rate = 0.9;
      words.onend = () => end(true);
      words.onerror = (event) => {
        if (event.error === "not-allowed") refused = true;
        end(false);
      };
      synth.speak(words);
    });
  }
  async function silence() {
    for (let waited = 0; synth && (synth.speaking || synth.pending) && waited < 15000; waited += 100) await pause(100);
    if (synth && (synth.speaking || synth.pending)) synth.cancel();
  }

  async function say(item) {
    if (performance.now() - item.born > STALE_MS || said(item.key)) return;
    const how = state();
    if (how === "off" || how === "blocked") return;
    remember(item.key);
    await silence();
    await chime();
    let heard = false;
    for (const language of ORDER) {
      const by = voice(language);
      if (by && item[language]) heard = await speak(item[language], by) || heard;
    }
    if (!heard) await chime();
    show();
  }

  // Windows of one machine take turns: they share its loudspeaker.
  const alone = (work) => (navigator.locks ? navigator.locks.request("xiuhao-voice", work) : work());

  async function run() {
    if (busy) return;
    busy = true;
    while (queue.length) {
      const item = queue.shift();
      try { await alone(() => say(item)); } catch (error) { /* the next call is not held up */ }
      item.done();
    }
    busy = false;
  }

  // item: { key, zh, en, born } with born on performance.now()'s scale; resolves when it was said or dropped.
  function announce(item) {
    return new Promise((done) => {
      queue.push({ ...item, done });
      run();
    });
  }

  function show() {
    const now = state();
    const button = document.querySelector("[data-sound]");
    if (button) {
      button.textContent = button.dataset[now];
      button.setAttribute("aria-pressed", String(now === "voice" || now === "chime"));
    }
    const ask = document.querySelector("[data-sound-ask]");
    if (ask) ask.hidden = now !== "blocked";
    if (now === told) return;
    told = now;
    root.dispatchEvent(new CustomEvent("voice:state", { detail: now }));
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-sound]");
    const ask = event.target.closest("[data-sound-ask]");
    const before = state();
    refused = false;
    if (button && (before === "voice" || before === "chime")) {
      write(CHOICE, "off");
      queue.length = 0;
      if (synth) synth.cancel();
      return show();
    }
    if (button || ask) write(CHOICE, "on");
    await wake();
    if (button || ask) chime();
  });
  document.addEventListener("keydown", wake);
  if (synth && synth.addEventListener) synth.addEventListener("voiceschanged", show);
  window.xiuhaoVoice = { announce, said, state, show, STALE_MS };
  if (root.hasAttribute("data-kiosk")) wake();
  show();
})();
