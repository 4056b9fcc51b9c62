"use strict";
/* The curve reader of Figure 4. COURSE.curves comes from the same file as the notebooks' figure. */

const COLORS = { 18: "#0072B2", 34: "#D55E00" };
const PANELS = { plain: 50, resnet: 490 }; // left edges
const WIDTH = 380, TOP = 30, HEIGHT = 340, LAST = 620000, LOWEST = 20, HIGHEST = 64;

/** Return a curve's error at an iteration, on the straight line between two points, or null. */
function errorAt(points, iteration) {
  const right = points.findIndex(([x]) => x >= iteration);
  if (right < 0 || iteration < points[0][0]) return null;
  const [x1, y1] = points[right];
  if (x1 === iteration) return y1;
  const [x0, y0] = points[right - 1];
  return y0 + ((iteration - x0) / (x1 - x0)) * (y1 - y0);
}

const x = (panel, iteration) => PANELS[panel] + (iteration / LAST) * WIDTH;
const y = (error) => TOP + HEIGHT * (1 - (error - LOWEST) / (HIGHEST - LOWEST));

function add(tag, attributes, text = "") {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return document.getElementById("curves").appendChild(element);
}

function drawAxes() {
  for (const panel of ["plain", "resnet"]) {
    const title = panel === "plain" ? say("plain networks") : say("residual networks");
    add("text", { x: PANELS[panel] + WIDTH / 2, y: 18, "text-anchor": "middle" }, title);
    for (let error = LOWEST; error <= 60; error += 10) {
      const line = { x1: PANELS[panel], x2: PANELS[panel] + WIDTH, y1: y(error), y2: y(error) };
      add("line", { ...line, class: "grid" });
      if (panel === "plain") add("text", { x: 42, y: y(error) + 5, "text-anchor": "end" }, error);
    }
    for (let tens = 0; tens <= 60; tens += 20) {
      add("text", { x: x(panel, tens * 1e4), y: 390, "text-anchor": "middle" }, tens);
    }
    const middle = { x: PANELS[panel] + WIDTH / 2, y: 412, "text-anchor": "middle" };
    add("text", middle, say("iterations (10,000)"));
  }
}

function drawCurves() {
  for (const curve of COURSE.curves) {
    const points = curve.points.map(([at, error]) => `${x(curve.panel, at)},${y(error)}`);
    const color = COLORS[curve.name.split("-")[1]];
    const bold = curve.split === "validation";
    add("polyline", { points: points.join(" "), stroke: color, class: bold ? "bold" : "thin" });
    const [at, error] = curve.points.at(-1);
    const upper = curve.name === "plain-34" || curve.name === "ResNet-18"; // of the two that end here
    const place = { x: x(curve.panel, at) + 4, y: y(error) + (upper ? 0 : 12), fill: color };
    if (bold) add("text", place, curve.name);
  }
}

function read(iteration) {
  document.querySelectorAll("#curves .cursor").forEach((element) => element.remove());
  for (const panel of ["plain", "resnet"]) {
    const at = x(panel, iteration);
    add("line", { x1: at, x2: at, y1: TOP, y2: TOP + HEIGHT, class: "cursor" });
  }
  const rows = {};
  for (const curve of COURSE.curves) {
    const error = errorAt(curve.points, iteration);
    if (error !== null) {
      const place = { cx: x(curve.panel, iteration), cy: y(error), r: 5, class: "cursor" };
      add("circle", { ...place, fill: COLORS[curve.name.split("-")[1]] });
    }
    (rows[curve.name] ??= {})[curve.split] = error === null ? say("not drawn") : error.toFixed(1);
  }
  const cells = (name) => `<th scope="row">${name}</th><td>${rows[name].training}</td><td>${rows[name].validation}</td>`;
  const body = Object.keys(rows).map((name) => `<tr>${cells(name)}</tr>`);
  document.querySelector("#readings tbody").innerHTML = body.join("");
  document.getElementById("iteration-text").textContent = iteration.toLocaleString("en");
}

drawAxes();
drawCurves();
const slider = document.getElementById("iteration");
slider.addEventListener("input", () => read(Number(slider.value)));
read(Number(slider.value));
