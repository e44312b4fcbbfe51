// Asks a status page everything that the npm package statuspage.io knows to ask, and prints the answers as JSON.

const { Statuspage } = require("statuspage.io");

async function main(url) {
  const client = new Statuspage("page");
  client.setApiUrl(url);
  const { api } = client;
  const answers = {
    summary: await api.getSummary(),
    status: await api.getStatus(),
    components: await api.getComponents(),
    incidents: await api.incidents.getAll(),
    unresolved: await api.incidents.getUnresolved(),
    upcoming: await api.scheduledMaintenances.getUpcoming(),
    active: await api.scheduledMaintenances.getActive(),
    maintenances: await api.scheduledMaintenances.getAll(),
  };
  console.log(JSON.stringify(answers));
}

main(process.argv[2]);
