package inlinecrypt.fscrypt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 under one key, with 64 bits of output.
 *
 * <p>Allocates nothing. Not thread-safe. Source: Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012, section 2; {@code lib/siphash.c}.
 */
final class SipHash24 {
  static final int KEY_BYTES = 16;

  private static final VarHandle LITTLE_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  // The constants of section 2.2: "somepseudorandomlygeneratedbytes".
  private static final long INITIAL_V0 = 0x736f6d6570736575L;
  private static final long INITIAL_V1 = 0x646f72616e646f6dL;
  private static final long INITIAL_V2 = 0x6c7967656e657261L;
  private static final long INITIAL_V3 = 0x7465646279746573L;
  private static final int FINAL_MARK = 0xff;
  private static final int LENGTH_SHIFT = 56; // The last word's top byte is the length mod 256.

  private long k0;
  private long k1;
  private long v0;
  private long v1;
  private long v2;
  private long v3;

  /** Reads the key's 16 bytes; the caller still owns, and wipes, its own array. */
  SipHash24(byte[] key) {
    assert key.length == KEY_BYTES : key.length;
    k0 = (long) LITTLE_ENDIAN_LONG.get(key, 0);
    k1 = (long) LITTLE_ENDIAN_LONG.get(key, Long.BYTES);
  }

  /** The hash of the eight bytes of {@code word}, least significant first. */
  long hash(long word) {
    start();
    compress(word);
    return finish((long) Long.BYTES << LENGTH_SHIFT);
  }

  long hash(byte[] message) {
    start();
    int wholeBytes = message.length & -Long.BYTES;
    for (int at = 0; at < wholeBytes; at += Long.BYTES) {
      compress((long) LITTLE_ENDIAN_LONG.get(message, at));
    }
    long last = (long) message.length << LENGTH_SHIFT;
    for (int at = wholeBytes; at < message.length; at++) {
      last |= Byte.toUnsignedLong(message[at]) << Byte.SIZE * (at - wholeBytes);
    }
    return finish(last);
  }

  /** Overwrites the key; the object is of no further use. */
  void wipe() {
    k0 = 0;
    k1 = 0;
  }

  private void start() {
    v0 = k0 ^ INITIAL_V0;
    v1 = k1 ^ INITIAL_V1;
    v2 = k0 ^ INITIAL_V2;
    v3 = k1 ^ INITIAL_V3;
  }

  private void compress(long word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }

  private long finish(long lastWord) {
    compress(lastWord);
    v2 ^= FINAL_MARK;
    round();
    round();
    round();
    round();
    long hash = v0 ^ v1 ^ v2 ^ v3;
    v0 = 0; // The state would give the key away.
    v1 = 0;
    v2 = 0;
    v3 = 0;
    return hash;
  }

  /** SipRound, figure 2.1. */
  private void round() {
    v0 += v1;
    v2 += v3;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 = Long.rotateLeft(v2, 32);
  }
}
