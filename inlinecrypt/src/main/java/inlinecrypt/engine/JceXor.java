package inlinecrypt.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Exclusive-or of byte arrays, eight bytes at a time, in the form HotSpot turns into vector code;
 * and what else is done with eight bytes at a time.
 */
final class JceXor {
  /** Eight bytes of an array as a little-endian long. */
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private JceXor() {}

  static long getLong(byte[] array, int offset) {
    return (long) LONG.get(array, offset);
  }

  static void setLong(byte[] array, int offset, long value) {
    LONG.set(array, offset, value);
  }

  /** {@code data ^= mask}, for {@code lengthBytes} from the two offsets on. */
  static void into(byte[] data, int dataOffset, byte[] mask, int maskOffset, int lengthBytes) {
    int wholeBytes = lengthBytes & -Long.BYTES;
    for (int i = 0; i < wholeBytes; i += Long.BYTES) {
      LONG.set(
          data,
          dataOffset + i,
          (long) LONG.get(data, dataOffset + i) ^ (long) LONG.get(mask, maskOffset + i));
    }
    for (int i = wholeBytes; i < lengthBytes; i++) {
      data[dataOffset + i] ^= mask[maskOffset + i];
    }
  }

  /** Whether 16 bytes are equal, in a time that does not depend on them. */
  static boolean isTag(byte[] computed, MemorySegment tag) {
    long low = tag.get(LITTLE_ENDIAN_LONG, 0) ^ getLong(computed, 0);
    long high = tag.get(LITTLE_ENDIAN_LONG, Long.BYTES) ^ getLong(computed, Long.BYTES);
    return (low | high) == 0;
  }
}
