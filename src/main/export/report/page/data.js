/* The data of the report, as it stands in the file. */

export const data = JSON.parse(document.getElementById("data").textContent);
export const runs = data.runs;
export const several = runs.length > 1;
