// "What if" while one moves the slider: asks for the answer alone, a moment after the last change, and again when the line moved.
// Without this script the form is sent as it is.
"use strict";
(() => {
  const live = document.getElementById("desk-live");
  if (!live || !window.fetch) return;
  const PAUSE_MS = 250;
  let timer = 0;
  let asking = null;
  let typed = null;

  const form = () => live.querySelector("form[data-what-if]");

  function say(slider) {
    const many = Number(slider.value);
    const text = many === 0 ? slider.dataset.same : many > 0 ? slider.dataset.one : slider.dataset.less;
    slider.setAttribute("aria-valuetext", text.replace("%", String(Math.abs(many))));
  }

  function prepare(found) {
    if (found.dataset.ready) return;
    found.dataset.ready = "1";
    for (const [name, value] of typed || []) {
      const field = found.elements.namedItem(name);
      if (field) field.value = value;
      if (field && !field.value) field.selectedIndex = 0;
    }
    found.querySelector("[data-what-if-ask]").classList.add("is-live");
    say(found.elements.namedItem("more"));
  }

  async function ask() {
    const found = form();
    if (!found) return;
    if (asking) asking.abort();
    const mine = asking = new AbortController();
    const place = live.querySelector("[data-what-if-answer]");
    place.setAttribute("aria-busy", "true");
    try {
      const words = new URLSearchParams(new FormData(found));
      const answer = await fetch(`${found.dataset.whatIf}?${words}`, { signal: mine.signal, credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) return;
      const fresh = document.createElement("template");
      fresh.innerHTML = await answer.text();
      if (place.innerHTML !== fresh.innerHTML) place.replaceChildren(fresh.content);
    } catch (error) {
      // the desk says by itself that the connection is gone; the last answer stays
    } finally {
      if (mine === asking) place.removeAttribute("aria-busy");
    }
  }

  function later(pause) {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, pause);
  }

  live.addEventListener("input", (event) => {
    const found = event.target.closest("form[data-what-if]");
    if (!found) return;
    typed = Array.from(new FormData(found));
    if (event.target.name === "more") say(event.target);
    later(PAUSE_MS);
  });
  live.addEventListener("submit", (event) => {
    if (!event.target.closest("form[data-what-if]")) return;
    event.preventDefault();
    ask();
  });
  // Both a live update and a form sent from the desk lay the page anew: the question stays, its answer follows.
  new MutationObserver(() => {
    const found = form();
    if (!found) return;
    prepare(found);
    later(PAUSE_MS);
  }).observe(live, { childList: true });
  if (form()) prepare(form());
})();
