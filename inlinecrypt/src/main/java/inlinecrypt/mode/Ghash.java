package inlinecrypt.mode;

/**
 * GHASH (NIST SP 800-38D, 6.4): POLYVAL with the bytes of each block, and of the result, in reverse
 * order and the key times x (RFC 8452, appendix A). Not thread-safe.
 */
public final class Ghash {
  private static final int BLOCK_BYTES = 16;

  private final Polyval polyval = new Polyval();

  /** Takes 16 bytes as the key. */
  public void key(byte[] bytes, int offset) {
    long low = Long.reverseBytes(Words.longAt(bytes, offset + Long.BYTES));
    long high = Long.reverseBytes(Words.longAt(bytes, offset));
    long carry = high >> 63;
    polyval.key(low << 1 ^ carry & 1, (high << 1 | low >>> 63) ^ carry & Polyval.REDUCTION_HIGH);
  }

  public void start() {
    polyval.start();
  }

  /** Takes {@code lengthBytes} bytes; a partial block at the end is padded with zeros. */
  public void bytes(byte[] bytes, int offset, int lengthBytes) {
    int wholeBytes = lengthBytes & -BLOCK_BYTES;
    polyval.reversedBlocks(bytes, offset, wholeBytes);
    if (wholeBytes < lengthBytes) {
      long first = 0;
      long second = 0;
      for (int i = wholeBytes; i < wholeBytes + BLOCK_BYTES; i++) {
        first = first << Byte.SIZE | second >>> Long.SIZE - Byte.SIZE;
        second = second << Byte.SIZE | (i < lengthBytes ? bytes[offset + i] & 0xff : 0);
      }
      polyval.block(second, first);
    }
  }

  /** Takes the block of two big-endian numbers, such as the lengths at the end. */
  public void block(long first, long second) {
    polyval.block(second, first);
  }

  /** The first eight bytes of the result as a little-endian number. */
  public long low() {
    return Long.reverseBytes(polyval.high());
  }

  /** The last eight. */
  public long high() {
    return Long.reverseBytes(polyval.low());
  }

  public void wipe() {
    polyval.wipe();
  }
}
