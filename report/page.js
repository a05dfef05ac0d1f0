"use strict";
// One hairline through all charts, and its time and frame.
const charts = [...document.querySelectorAll("svg.chart")], now = document.getElementById("now");
for (const chart of charts) {
  const [left, right, width] = chart.dataset.field.split(" ").map(Number);
  const [start, end] = chart.dataset.times.split(" ").map(Number);
  chart.addEventListener("pointermove", (event) => {
    const box = chart.getBoundingClientRect();
    const x = Math.min(Math.max((event.clientX - box.left) / box.width * width, left), right);
    const time = start + (x - left) / (right - left) * (end - start);
    for (const hair of document.querySelectorAll(".hair")) {
      hair.setAttribute("transform", `translate(${x} 0)`);
      hair.setAttribute("visibility", "visible");
    }
    now.hidden = false;
    now.textContent = `${time.toFixed(2)} s · frame ${1 + Math.round(time * Number(document.body.dataset.fps))}`;
  });
}
