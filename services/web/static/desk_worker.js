// Opens the desk without a connection: the page as it was last seen, with its scripts and styles. It changes no request and sends nothing.
"use strict";
const CACHE = "xiuhao-desk-1";
const DESK = /^\/desk\/[0-9a-f-]{36}$/;
const FRAGMENT = /^\/fragments\/desk\/[0-9a-f-]{36}$/;
const PATIENCE_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("xiuhao-desk-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));

async function keep(path, answer) {
  if (answer.status !== 200 || answer.redirected || answer.type !== "basic") return;
  await (await caches.open(CACHE)).put(path, answer.clone());
}
const kept = async (path) => (await caches.open(CACHE)).match(path);
const late = () => new Promise((done) => setTimeout(done, PATIENCE_MS));

async function page(event, path) {
  const asked = fetch(event.request).then(async (answer) => { await keep(path, answer); return answer; });
  const copy = await kept(path);
  if (!copy) return asked;
  const answer = await Promise.race([asked.catch(() => null), late()]);
  event.waitUntil(asked.catch(() => null));
  return answer && answer.status < 500 ? answer : copy;
}

async function fragment(request, path) {
  const answer = await fetch(request);
  await keep(path, answer);
  return answer;
}

async function asset(request) {
  const found = await kept(request.url);
  return found || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && DESK.test(url.pathname)) event.respondWith(page(event, url.pathname));
  else if (FRAGMENT.test(url.pathname)) event.respondWith(fragment(request, url.pathname));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
});
