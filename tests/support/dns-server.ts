import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { isIPv4 } from "node:net";

/** Records of one name. A name that is not in the zone does not exist; a type it lacks has no answer. */
export interface ZoneName {
  TXT?: string[];
  A?: string[];
  AAAA?: string[];
  MX?: string[];
  CNAME?: string;
  /** How the server misbehaves for this name: says it failed, refuses, or says nothing. */
  trouble?: "servfail" | "refused" | "silent";
}

export interface TestDns {
  port: number;
  /** Lower-case names; change it while the server runs. */
  zone: Map<string, ZoneName>;
  /** Every question that was asked, as "TYPE name". */
  asked: string[];
  /** A resolver that asks this server only and does not wait for long. */
  resolver: Resolver;
  stop(): Promise<void>;
}

const types: Record<number, "A" | "CNAME" | "MX" | "TXT" | "AAAA"> = {
  1: "A",
  5: "CNAME",
  15: "MX",
  16: "TXT",
  28: "AAAA",
};
const numbers = { A: 1, CNAME: 5, MX: 15, TXT: 16, AAAA: 28 };

/** A DNS server of our own on loopback (RFC 1035, UDP), so that tests ask a real one and know what it says. */
export async function startTestDns(zone: Record<string, ZoneName> = {}, port = 0): Promise<TestDns> {
  const socket = createSocket("udp4");
  const names = new Map(Object.entries(zone));
  const asked: string[] = [];
  socket.on("message", (query, from) => {
    const answer = answerTo(query, names, asked);
    if (answer) socket.send(answer, from.port, from.address);
  });
  socket.bind(port, "127.0.0.1");
  await once(socket, "listening");
  const resolver = new Resolver({ timeout: 300, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    port: socket.address().port,
    zone: names,
    asked,
    resolver,
    stop: async () => {
      socket.close();
      await once(socket, "close");
    },
  };
}

function answerTo(query: Buffer, zone: Map<string, ZoneName>, asked: string[]): Buffer | null {
  const { name, end } = readName(query, 12);
  const type = types[query.readUInt16BE(end)];
  const question = query.subarray(12, end + 4);
  asked.push(`${type ?? query.readUInt16BE(end)} ${name}`);
  const trouble = zone.get(name)?.trouble;
  if (trouble === "silent") return null;
  if (trouble) return message(query, question, [], trouble === "servfail" ? 2 : 5);
  const answers: Buffer[] = [];
  let at = name;
  for (let hop = 0; hop < 8; hop++) {
    const alias = zone.get(at)?.CNAME;
    if (!alias) break;
    answers.push(record(at, "CNAME", nameBytes(alias)));
    if (type === "CNAME") return message(query, question, answers, 0);
    at = alias.toLowerCase();
  }
  const found = zone.get(at);
  if (!found) return message(query, question, answers, 3);
  if (type && type !== "CNAME")
    for (const value of found[type] ?? []) answers.push(record(at, type, dataOf(type, value)));
  return message(query, question, answers, 0);
}

function message(query: Buffer, question: Buffer, answers: Buffer[], code: number): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // An authoritative answer to a standard query, recursion available.
  header.writeUInt16BE(0x8580 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, question, ...answers]);
}

function record(name: string, type: keyof typeof numbers, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(numbers[type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(60, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([nameBytes(name), fixed, data]);
}

function dataOf(type: "A" | "AAAA" | "MX" | "TXT", value: string): Buffer {
  switch (type) {
    case "A":
      return Buffer.from(value.split(".").map(Number));
    case "AAAA":
      return ipv6Bytes(value);
    case "MX":
      return Buffer.concat([Buffer.from([0, 10]), nameBytes(value)]);
    case "TXT": {
      const octets = Buffer.from(value);
      const pieces: Buffer[] = [];
      for (let at = 0; at === 0 || at < octets.length; at += 255) {
        const piece = octets.subarray(at, at + 255);
        pieces.push(Buffer.from([piece.length]), piece);
      }
      return Buffer.concat(pieces);
    }
  }
}

function ipv6Bytes(address: string): Buffer {
  const [left = "", right] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const head = groups(left);
  const tail = right === undefined ? [] : groups(right);
  const zeros = Array<string>(right === undefined ? 0 : 8 - head.length - tail.length).fill("0");
  return Buffer.from([...head, ...zeros, ...tail].map((group) => group.padStart(4, "0")).join(""), "hex");
}

function nameBytes(name: string): Buffer {
  if (isIPv4(name)) throw new Error("a name is wanted here, not an address");
  const labels = name.split(".").filter(Boolean);
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]),
    Buffer.from([0]),
  ]);
}

function readName(buffer: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = buffer[at] ?? 0; length > 0; length = buffer[at] ?? 0) {
    labels.push(buffer.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}
