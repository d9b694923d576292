package inlinecrypt.reference;

/** Numbers in byte arrays. */
final class Bytes {
  private Bytes() {}

  /** The 8 bytes from {@code at} on, lowest first. */
  static long littleEndian(byte[] bytes, int at) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | bytes[at + i] & 0xff;
    }
    return value;
  }

  static void putLittleEndian(byte[] bytes, int at, long value) {
    for (int i = 0; i < 8; i++) {
      bytes[at + i] = (byte) (value >>> 8 * i);
    }
  }

  /** The 8 bytes from {@code at} on, highest first. */
  static long bigEndian(byte[] bytes, int at) {
    return Long.reverseBytes(littleEndian(bytes, at));
  }

  static void putBigEndian(byte[] bytes, int at, long value) {
    putLittleEndian(bytes, at, Long.reverseBytes(value));
  }

  /** Copies what there is of the 16 bytes from {@code at} on, and fills up with zeros. */
  static void copyPadded(byte[] from, int at, int endAt, byte[] block) {
    for (int i = 0; i < block.length; i++) {
      block[i] = at + i < endAt ? from[at + i] : 0;
    }
  }
}
