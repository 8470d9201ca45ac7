// The search for records by keyboard: "/" goes to the words, arrow keys go from row to row.
(function () {
  "use strict";
  var box = document.querySelector("[data-search]"), rows = document.getElementById("rows");
  function typing(target) { return /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || target.isContentEditable; }
  function step(by) {
    var links = Array.prototype.map.call(rows.querySelectorAll("tbody tr"), function (row) { return row.querySelector("a"); }).filter(Boolean);
    var row = document.activeElement.closest && document.activeElement.closest("tbody tr");
    var at = row ? links.indexOf(row.querySelector("a")) : -1;
    var next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/" && box) { event.preventDefault(); box.focus(); box.select(); }
    else if (rows && event.key === "ArrowDown" && document.activeElement.closest("#rows")) { event.preventDefault(); step(1); }
    else if (rows && event.key === "ArrowUp" && document.activeElement.closest("#rows")) { event.preventDefault(); step(-1); }
    else if (rows && event.key === "j") step(1);
    else if (rows && event.key === "k") step(-1);
  });
})();
