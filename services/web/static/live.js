// Live pages: follow the version of a session by server-sent events and fetch this page's own fragment when it moved.
// <section data-live="SESSION_ID" data-fragment="/places/…/live" [data-poll="2000"] [data-refresh="30000"]>…</section>
// <span data-live-status data-live-text="实时更新" data-wait-text="正在重新连接" hidden></span>  (outside the section)
// Inside: an element with id and data-live-keep survives a swap (a form being typed in); <details id> stays open.
// After a swap the section fires "live:swapped" (bubbles).
(function () {
  "use strict";
  var region = document.querySelector("[data-live]");
  if (!region || !window.fetch) return;
  var session = region.getAttribute("data-live");
  var base = "/live/sessions/" + encodeURIComponent(session);
  var pollEvery = Number(region.getAttribute("data-poll")) || 2000;
  var refreshEvery = Number(region.getAttribute("data-refresh")) || 30000;
  var fragment = region.getAttribute("data-fragment");
  var last = null, etag = null, pageTag = null, source = null, errors = 0;
  var pollTimer = 0, retryTimer = 0, refreshTimer = 0, watchdog = 0, streaming = false, away = false, loading = false, again = false, body = null;

  function say(live) {
    var all = document.querySelectorAll("[data-live-status]");
    for (var i = 0; i < all.length; i++) {
      var text = all[i].getAttribute(live ? "data-live-text" : "data-wait-text");
      all[i].hidden = false;
      all[i].setAttribute("data-state", live ? "live" : "wait");
      if (all[i].textContent !== text) all[i].textContent = text;
    }
  }

  function swap(html) {
    if (html === body) return;
    body = html;
    var active = document.activeElement, focus = null;
    if (active && region.contains(active)) {
      focus = active.id ? "#" + CSS.escape(active.id)
        : active.getAttribute("href") ? 'a[href="' + CSS.escape(active.getAttribute("href")) + '"]'
        : active.getAttribute("name") ? '[name="' + CSS.escape(active.getAttribute("name")) + '"]' + (active.value ? '[value="' + CSS.escape(active.value) + '"]' : "")
        : null;
    }
    var fresh = document.createElement("template");
    fresh.innerHTML = html;
    var kept = region.querySelectorAll("[data-live-keep][id]");
    for (var i = 0; i < kept.length; i++) {
      var place = fresh.content.getElementById ? fresh.content.getElementById(kept[i].id) : null;
      if (place) place.parentNode.replaceChild(kept[i], place);
    }
    var open = region.querySelectorAll("details[id][open]");
    for (var d = 0; d < open.length; d++) {
      var same = fresh.content.getElementById(open[d].id);
      if (same) same.open = true;
    }
    var scrolled = {}, boxes = region.querySelectorAll("[data-keep-scroll][id]");
    for (var b = 0; b < boxes.length; b++) scrolled[boxes[b].id] = boxes[b].scrollTop;
    while (region.firstChild) region.removeChild(region.firstChild);
    region.appendChild(fresh.content);
    Object.keys(scrolled).forEach(function (id) {
      var box = document.getElementById(id);
      if (box) box.scrollTop = scrolled[id];
    });
    if (focus) {
      var target = region.querySelector(focus);
      if (target && target !== document.activeElement) target.focus({ preventScroll: true });
    }
    var titled = region.querySelector("[data-title]");
    if (titled) document.title = titled.getAttribute("data-title");
    region.dispatchEvent(new CustomEvent("live:swapped", { bubbles: true }));
  }

  function load() {
    if (loading) { again = true; return; }
    loading = true;
    var headers = { "X-Requested-With": "live" };
    if (pageTag) headers["If-None-Match"] = pageTag;
    fetch(fragment, { headers: headers, credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      if (answer.status === 304) return null;
      if (answer.redirected || answer.status === 401 || answer.status === 403 || answer.status === 404) { location.reload(); return null; }
      if (!answer.ok) throw new Error(answer.status);
      pageTag = answer.headers.get("ETag");
      return answer.text();
    }).then(function (html) {
      if (html !== null) swap(html);
    }).catch(function () {
      say(false);
      again = false;
      setTimeout(load, 2000);
    }).then(function () {
      loading = false;
      if (again) { again = false; load(); }
    });
    clearTimeout(refreshTimer);
    refreshTimer = setTimeout(load, refreshEvery);
  }

  function moved(version) {
    if (version !== null && version === last) return;
    last = version;
    load();
  }

  // Heartbeats are comments, which EventSource hides: a silent drop is found by asking for the version now and then.
  function watch() {
    clearTimeout(watchdog);
    watchdog = setTimeout(function () { if (streaming) ask().then(watch, fail); }, 20000);
  }

  function ask() {
    var headers = etag ? { "If-None-Match": etag } : {};
    return fetch(base + "/version", { headers: headers, cache: "no-store", credentials: "same-origin" }).then(function (answer) {
      if (answer.status === 304) return;
      if (!answer.ok) throw new Error(answer.status);
      etag = answer.headers.get("ETag");
      return answer.json().then(function (data) { moved(String(data.version)); });
    });
  }

  // Polling stands in while no stream is open; once the network is back a stream is tried at once.
  function poll() {
    clearTimeout(pollTimer);
    ask().then(function () {
      say(true);
      if (away) { away = false; connect(); }
    }, function () {
      say(false);
      away = true;
    }).then(function () {
      if (!streaming) pollTimer = setTimeout(poll, document.hidden ? pollEvery * 5 : pollEvery);
    });
  }

  function fail() {
    if (source) source.close();
    source = null;
    streaming = false;
    say(false);
    poll();
    clearTimeout(retryTimer);
    errors += 1;
    retryTimer = setTimeout(connect, Math.min(30000, 1000 * Math.pow(2, errors)));
  }

  function connect() {
    clearTimeout(retryTimer);
    if (!window.EventSource) { poll(); return; }
    if (source && source.readyState !== 2) return;
    var mine = source = new EventSource(last ? base + "?last_event_id=" + encodeURIComponent(last) : base);
    mine.onopen = function () {
      streaming = true;
      errors = 0;
      clearTimeout(pollTimer);
      say(true);
      load();
      watch();
    };
    mine.addEventListener("version", function (event) {
      var version = event.lastEventId || null;
      try { version = String(JSON.parse(event.data).version); } catch (ignored) { /* the id is enough */ }
      moved(version);
      watch();
    });
    mine.onerror = function () {
      if (mine === source) fail();
    };
  }

  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) ask().catch(function () { if (streaming) fail(); });
  });
  window.addEventListener("offline", function () { if (streaming) fail(); });
  window.addEventListener("online", connect);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { load(); connect(); } });
  refreshTimer = setTimeout(load, refreshEvery);
  window.xiuhaoLive = { reload: load };
  connect();
})();
