// Loaded into every program we start (node --import). We hold the other end of its IPC channel: when that closes, we
// are gone, even by kill -9, and so must it be, in its usual orderly way.
const lastResortSeconds = 28;

// A program passes its options on to what it forks itself, which has a channel of its own to look after.
if (process.channel && process.env.POSTHORN_PARENT === String(process.ppid)) {
  process.on("disconnect", () => {
    // Nobody reads what we print any more.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.kill(process.pid, "SIGKILL"), lastResortSeconds * 1000).unref();
  });
  // Listening alone must not keep a program alive that is done.
  process.channel.unref();
}
