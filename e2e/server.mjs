// The server under test, on a free loopback port.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { once } from "node:events";

async function freePort() {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

export async function start(more = []) {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const child = spawn(process.env.GONGJI, ["serve", "--listen", address, ...more], { stdio: ["ignore", "ignore", "inherit"] });
  const origin = `http://${address}`;
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    try {
      const answer = await fetch(`${origin}/healthz`);
      if (answer.ok) return { origin, stop: () => child.kill("SIGTERM") };
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  child.kill("SIGTERM");
  throw new Error("the server did not answer within thirty seconds");
}
