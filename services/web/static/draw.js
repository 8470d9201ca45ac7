// A countdown by the server's clock: <p data-countdown="…Z" data-now="…Z" data-text="…" data-over="…" [data-reload]>.
// At its end it says so; with data-reload the page is fetched anew every few seconds, unless somebody is typing.
(function () {
  "use strict";
  var line = document.querySelector("[data-countdown]");
  if (!line) return;
  var ends = Date.parse(line.getAttribute("data-countdown"));
  var ahead = Date.parse(line.getAttribute("data-now")) - Date.now();
  var touched = false, form = document.getElementById("entry");
  if (form) form.addEventListener("input", function () { touched = true; });
  function two(n) { return n < 10 ? "0" + n : String(n); }
  function say(text) { if (line.textContent !== text) line.textContent = text; }
  var timer = setInterval(tick, 250);
  function tick() {
    var left = Math.ceil((ends - Date.now() - ahead) / 1000);
    if (left > 0) {
      var days = Math.floor(left / 86400), hours = Math.floor(left % 86400 / 3600);
      var clock = (days || hours ? two(hours) + ":" : "") + two(Math.floor(left % 3600 / 60)) + ":" + two(left % 60);
      return say(line.getAttribute("data-text") + " " + (days ? days + " d " : "") + clock);
    }
    clearInterval(timer);
    say(line.getAttribute("data-over"));
    if (line.hasAttribute("data-reload")) setTimeout(again, 3000);
    else if (!touched) setTimeout(again, 400);
  }
  function again() { location.replace(location.pathname); }
  tick();
})();
