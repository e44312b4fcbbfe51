// Lighthouse on the pages given, as a phone and as a desk has them: their scores, and each missing point with its
// reason, as JSON. `node lighthouse.mjs /usr/bin/chromium http://127.0.0.1:8000/ …`
import * as chromeLauncher from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const [chromePath, ...addresses] = process.argv.slice(2);
const chromeFlags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync"];
const chrome = await chromeLauncher.launch({ chromePath, chromeFlags });
const found = [];
try {
  for (const address of addresses) {
    for (const [name, config] of [["phone", undefined], ["desk", desktopConfig]]) {
      const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: "error" }, config);
      const scores = {}, missing = [];
      for (const category of Object.values(lhr.categories)) {
        scores[category.id] = Math.round(100 * category.score);
        for (const { id, weight } of category.auditRefs) {
          const { score, title, displayValue = "", details } = lhr.audits[id];
          if (weight && score !== null && score < 1) {
            const items = (details?.items ?? []).slice(0, 3);
            missing.push({ category: category.id, id, score, title, displayValue, items });
          }
        }
      }
      found.push({ address, name, scores, missing });
    }
  }
} finally {
  await chrome.kill();
}
console.log(JSON.stringify(found, null, 1));
