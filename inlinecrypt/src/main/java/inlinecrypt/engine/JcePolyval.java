package inlinecrypt.engine;

import java.util.Arrays;

/**
 * POLYVAL (RFC 8452, section 3) and GHASH (NIST SP 800-38D, 6.4) under one key.
 *
 * <p>Java has no carry-less multiplication, so a product is looked up: for each of the 32 nibbles of
 * a block there is a table of its 16 products with the key, 8 KiB in all, and a block's product is
 * the sum of 32 entries. Tables that are read where the data says are open to cache timing by other
 * processes on the same core.
 *
 * <p>GHASH is POLYVAL with the bytes of each block, and of the result, in reverse order and the key
 * times x (RFC 8452, appendix A). Not thread-safe; nothing allocates after construction.
 */
final class JcePolyval {
  private static final int BLOCK_BYTES = 16;
  private static final int NIBBLES = 32;
  private static final int NIBBLE_VALUES = 16;
  private static final int TABLE_LONGS = 2 * NIBBLE_VALUES;
  // x^128 = x^127 + x^126 + x^121 + 1, and so 1/x = x^127 + x^126 + x^125 + x^120: the high halves
  private static final long REDUCTION_HIGH = 0xc2L << 56;
  private static final long INVERSE_HIGH = 0xe1L << 56;

  private final long[] products = new long[NIBBLES * TABLE_LONGS]; // low, high of each
  private final boolean reversed;
  private long low;
  private long high;

  private JcePolyval(boolean reversed) {
    this.reversed = reversed;
  }

  /** POLYVAL; set the key before use. */
  static JcePolyval polyval() {
    return new JcePolyval(false);
  }

  /** GHASH; set the key before use. */
  static JcePolyval ghash() {
    return new JcePolyval(true);
  }

  /** Takes the 16 bytes of {@code key} there as the key, and starts a message. */
  void setKey(byte[] key, int offset) {
    load(key, offset);
    long keyLow = low;
    long keyHigh = high;
    if (reversed) {
      long carry = keyHigh >> 63;
      keyHigh = (keyHigh << 1 | keyLow >>> 63) ^ carry & REDUCTION_HIGH;
      keyLow = keyLow << 1 ^ carry & 1;
    }
    // The product of the key and x^k in this field is x^(k-128) times the key: bit 127 comes first.
    for (int nibble = NIBBLES - 1; nibble >= 0; nibble--) {
      int table = TABLE_LONGS * nibble;
      for (int bit = NIBBLE_VALUES / 2; bit > 0; bit >>= 1) {
        long carry = -(keyLow & 1);
        keyLow = keyLow >>> 1 | keyHigh << 63;
        keyHigh = keyHigh >>> 1 ^ carry & INVERSE_HIGH;
        products[table + 2 * bit] = keyLow;
        products[table + 2 * bit + 1] = keyHigh;
      }
      for (int bit = 2; bit < NIBBLE_VALUES; bit <<= 1) {
        for (int rest = 1; rest < bit; rest++) {
          int sum = table + 2 * (bit + rest);
          products[sum] = products[table + 2 * bit] ^ products[table + 2 * rest];
          products[sum + 1] = products[table + 2 * bit + 1] ^ products[table + 2 * rest + 1];
        }
      }
    }
    reset();
  }

  /** Starts a message. */
  void reset() {
    low = 0;
    high = 0;
  }

  /** Takes in {@code lengthBytes} bytes; a partial block, if last, is padded with zeros. */
  void update(byte[] data, int offset, int lengthBytes) {
    int wholeBytes = lengthBytes & -BLOCK_BYTES;
    if (reversed) {
      updateReversed(data, offset, wholeBytes);
    } else {
      updateStraight(data, offset, wholeBytes);
    }
    if (wholeBytes < lengthBytes) {
      long partLow = 0;
      long partHigh = 0;
      for (int i = lengthBytes - wholeBytes - 1; i >= 0; i--) {
        partHigh = partHigh << 8 | partLow >>> 56;
        partLow = partLow << 8 | data[offset + wholeBytes + i] & 0xff;
      }
      update(partLow, partHigh);
    }
  }

  /** Takes in the block whose bytes are those of the two numbers, little-endian. */
  void update(long blockLow, long blockHigh) {
    if (reversed) {
      multiply(low ^ Long.reverseBytes(blockHigh), high ^ Long.reverseBytes(blockLow));
    } else {
      multiply(low ^ blockLow, high ^ blockHigh);
    }
  }

  /** The first eight bytes of the result, little-endian. */
  long resultLow() {
    return reversed ? Long.reverseBytes(high) : low;
  }

  /** The last eight bytes of the result, little-endian. */
  long resultHigh() {
    return reversed ? Long.reverseBytes(low) : high;
  }

  /** Wipes the key and the state. */
  void wipe() {
    Arrays.fill(products, 0);
    reset();
  }

  private void load(byte[] block, int offset) {
    reset();
    long first = JceXor.getLong(block, offset);
    long second = JceXor.getLong(block, offset + Long.BYTES);
    low = reversed ? Long.reverseBytes(second) : first;
    high = reversed ? Long.reverseBytes(first) : second;
  }

  private void updateStraight(byte[] data, int offset, int lengthBytes) {
    for (int at = offset; at < offset + lengthBytes; at += BLOCK_BYTES) {
      multiply(
          low ^ JceXor.getLong(data, at), high ^ JceXor.getLong(data, at + Long.BYTES));
    }
  }

  private void updateReversed(byte[] data, int offset, int lengthBytes) {
    for (int at = offset; at < offset + lengthBytes; at += BLOCK_BYTES) {
      multiply(
          low ^ Long.reverseBytes(JceXor.getLong(data, at + Long.BYTES)),
          high ^ Long.reverseBytes(JceXor.getLong(data, at)));
    }
  }

  /** The state becomes the product of the key and a block. */
  private void multiply(long blockLow, long blockHigh) {
    long[] p = products;
    long sumLow = 0;
    long sumHigh = 0;
    long bits = blockLow;
    for (int table = 0; table < p.length; table += 4 * TABLE_LONGS) { // 16 bits of the block
      if (table == p.length / 2) {
        bits = blockHigh;
      }
      int entry0 = table + 2 * ((int) bits & 0xf);
      int entry1 = table + TABLE_LONGS + 2 * ((int) bits >>> 4 & 0xf);
      int entry2 = table + 2 * TABLE_LONGS + 2 * ((int) bits >>> 8 & 0xf);
      int entry3 = table + 3 * TABLE_LONGS + 2 * ((int) bits >>> 12 & 0xf);
      sumLow ^= p[entry0] ^ p[entry1] ^ p[entry2] ^ p[entry3];
      sumHigh ^= p[entry0 + 1] ^ p[entry1 + 1] ^ p[entry2 + 1] ^ p[entry3 + 1];
      bits >>>= 16;
    }
    low = sumLow;
    high = sumHigh;
  }
}
