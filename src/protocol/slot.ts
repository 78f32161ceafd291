/** Which of a cluster's slots a key belongs to. */

/** How many slots a cluster has. */
export const SLOTS = 16_384;

const OPEN = 0x7b;
const CLOSE = 0x7d;

/** The remainders of CRC16/XMODEM: polynomial 0x1021, no reflection, initial value 0. */
const CRC16: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0);
  return crc;
});

/**
 * Computes the slot of a key: of the text between its first `{` and the next `}` if there is any
 * (the hash tag), else of all of it.
 */
export function keySlot(key: string | Uint8Array): number {
  return typeof key === "string" ? textSlot(key) : bytesSlot(key);
}

function textSlot(key: string): number {
  let start = 0;
  let end = key.length;
  const open = key.indexOf("{");
  if (open >= 0) {
    const close = key.indexOf("}", open + 1);
    if (close > open + 1) {
      start = open + 1;
      end = close;
    }
  }
  let crc = 0;
  for (let i = start; i < end; i++) {
    const code = key.charCodeAt(i);
    if (code > 0x7f) return crcOf(Buffer.from(key.slice(start, end))) & (SLOTS - 1);
    crc = next(crc, code);
  }
  return crc & (SLOTS - 1);
}

function bytesSlot(key: Uint8Array): number {
  const open = key.indexOf(OPEN);
  if (open < 0) return crcOf(key) & (SLOTS - 1);
  const close = key.indexOf(CLOSE, open + 1);
  const tag = close > open + 1 ? key.subarray(open + 1, close) : key;
  return crcOf(tag) & (SLOTS - 1);
}

function crcOf(bytes: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) crc = next(crc, bytes[i] ?? 0);
  return crc;
}

function next(crc: number, byte: number): number {
  return ((crc << 8) & 0xffff) ^ (CRC16[(crc >> 8) ^ byte] ?? 0);
}
