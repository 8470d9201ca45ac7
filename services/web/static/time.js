// The week: paint blocks by dragging a mouse, whole days by their name, arrow keys between blocks. Without it every block is a tick of its own.
(function () {
  "use strict";
  var week = document.querySelector("[data-week]");
  if (!week) return;
  var boxes = Array.prototype.slice.call(week.querySelectorAll("input[name=hours]"));
  function at(row, column) { return boxes[row * 7 + column]; }
  function focusOn(box) {
    if (!box) return;
    boxes.forEach(function (one) { one.tabIndex = one === box ? 0 : -1; });
    box.focus();
  }
  boxes.forEach(function (one, n) { one.tabIndex = n === 0 ? 0 : -1; });
  week.addEventListener("focusin", function (event) {
    if (boxes.indexOf(event.target) >= 0) boxes.forEach(function (one) { one.tabIndex = one === event.target ? 0 : -1; });
  });
  week.addEventListener("keydown", function (event) {
    var n = boxes.indexOf(event.target);
    if (n < 0) return;
    var row = Math.floor(n / 7), column = n % 7, rows = boxes.length / 7;
    var to = { ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], Home: [row, 0], End: [row, 6], PageUp: [0, column], PageDown: [rows - 1, column] }[event.key];
    if (!to) return;
    event.preventDefault();
    if (to[0] >= 0 && to[0] < rows && to[1] >= 0 && to[1] < 7) focusOn(at(to[0], to[1]));
  });
  week.addEventListener("click", function (event) {
    var day = event.target.getAttribute && event.target.getAttribute("data-day");
    if (!day) return;
    var mine = boxes.filter(function (one) { return one.value.indexOf(day + "-") === 0; });
    var all = mine.every(function (one) { return one.checked; });
    mine.forEach(function (one) { one.checked = !all; });
  });
  var painting = null;
  week.addEventListener("pointerdown", function (event) {
    var block = event.pointerType === "mouse" && event.button === 0 && event.target.closest(".block");
    if (!block) return;
    var box = block.querySelector("input");
    painting = { to: !box.checked, from: box, moved: false };
  });
  week.addEventListener("pointerover", function (event) {
    var block = painting && event.target.closest && event.target.closest(".block");
    if (!block) return;
    var box = block.querySelector("input");
    if (box !== painting.from) { painting.moved = true; painting.from.checked = painting.to; week.setAttribute("data-painting", ""); }
    if (painting.moved) box.checked = painting.to;
  });
  document.addEventListener("pointerup", function () {
    if (painting && painting.moved) {
      document.addEventListener("click", function (event) { event.preventDefault(); event.stopPropagation(); }, { capture: true, once: true });
      setTimeout(function () { week.removeAttribute("data-painting"); }, 0);
    }
    painting = null;
  });
})();
