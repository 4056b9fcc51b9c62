"use strict";
/* What an Inception module costs. COURSE.modules has Table 1: channels in, grid, and the six filters. */

const FIELDS = [say("input channels"), say("grid (pixels)"), "#1x1", "#3x3 reduce", "#3x3", "#5x5 reduce", "#5x5", "pool proj"];

/** Return [parameters, multiply-adds] of each branch: the layers are [kernel, in, out]. */
function priceOf([channels, grid, n1, reduce3, n3, reduce5, n5, pool]) {
  const branches = {
    "1x1": [[1, channels, n1]],
    "3x3": [[1, channels, reduce3], [3, reduce3, n3]],
    "5x5": [[1, channels, reduce5], [5, reduce5, n5]],
    pool: [[1, channels, pool]],
  };
  const bill = {};
  for (const [name, layers] of Object.entries(branches)) {
    const weights = layers.map(([kernel, incoming, out]) => kernel * kernel * incoming * out);
    const biases = layers.map(([, , out]) => out);
    const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
    bill[name] = [sum(weights) + sum(biases), grid * grid * sum(weights)];
  }
  return bill;
}

const form = document.getElementById("price");
const fields = form.querySelector(".fields");
const options = Object.keys(COURSE.modules).map((name) => `<option>${name}</option>`);
const label = say("module");
fields.innerHTML = `<label>${label} <select id="module">${options.join("")}</select></label>` +
  FIELDS.map((name, i) => `<label>${name} <input type="number" id="field-${i}" min="1" max="2048" required></label>`).join("");
const inputs = FIELDS.map((_, i) => document.getElementById(`field-${i}`));

function show() {
  if (!form.checkValidity()) return;
  const values = inputs.map((input) => Number(input.value));
  const bill = priceOf(values);
  const total = Object.values(bill).reduce((a, b) => [a[0] + b[0], a[1] + b[1]]);
  const share = (name) => say("share of {name}", { name });
  const row = (name, [parameters, adds]) =>
    `<tr><th scope="row">${name}</th><td>${parameters.toLocaleString("en")}</td>` +
    `<td>${adds.toLocaleString("en")}</td><td><meter min="0" max="100" value="${(100 * adds) / total[1]}"` +
    ` aria-label="${share(name)}"></meter> ${Math.round((100 * adds) / total[1])} %</td></tr>`;
  const rows = [...Object.entries(bill), [say("sum"), total]].map(([name, costs]) => row(name, costs));
  document.querySelector("#bill tbody").innerHTML = rows.join("");
  const out = values[2] + values[4] + values[6] + values[7];
  document.getElementById("output-channels").textContent =
    say("The outputs are stacked: {out} channels, {side} x {side} pixels each.", { out, side: values[1] });
}

function choose() {
  COURSE.modules[document.getElementById("module").value].forEach((value, i) => (inputs[i].value = value));
  show();
}

document.getElementById("module").addEventListener("change", choose);
inputs.forEach((input) => input.addEventListener("input", show));
choose();
