// The ticket: when the desk sends somebody to another queue, follow that queue from now on.
(function () {
  "use strict";
  var region = document.querySelector("[data-live]");
  if (!region) return;
  region.addEventListener("live:swapped", function () {
    var inside = region.querySelector("[data-session]");
    if (inside && inside.getAttribute("data-session") !== region.getAttribute("data-live")) location.reload();
  });
})();
