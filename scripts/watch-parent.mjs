// Loaded into every program the supervisor starts (node --import). The supervisor holds the other end of the IPC
// channel: when it closes, the supervisor is gone, even by kill -9, and so must we be, in our usual orderly way.
const lastResortSeconds = 28;

if (process.channel) {
  process.on("disconnect", () => {
    // Nobody reads what we print any more.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.kill(process.pid, "SIGKILL"), lastResortSeconds * 1000).unref();
  });
  process.channel.unref();
}
