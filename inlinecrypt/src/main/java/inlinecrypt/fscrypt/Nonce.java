package inlinecrypt.fscrypt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Sixteen random bytes that make the key of one inode or one extent differ from all others. Not
 * secret: it is stored beside what it belongs to.
 *
 * @param first8Bytes the first eight bytes as a big-endian number
 * @param last8Bytes the last eight bytes as a big-endian number
 */
public record Nonce(long first8Bytes, long last8Bytes) {
  public static final int SIZE_BYTES = 16;

  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /**
   * Reads the 16 bytes at {@code offsetBytes}.
   *
   * @throws IndexOutOfBoundsException if the array has fewer
   */
  public static Nonce read(byte[] source, int offsetBytes) {
    return new Nonce(
        (long) BIG_ENDIAN_LONG.get(source, offsetBytes),
        (long) BIG_ENDIAN_LONG.get(source, offsetBytes + Long.BYTES));
  }

  /**
   * Writes the 16 bytes at {@code offsetBytes}.
   *
   * @throws IndexOutOfBoundsException if the array has no room
   */
  public void write(byte[] target, int offsetBytes) {
    BIG_ENDIAN_LONG.set(target, offsetBytes, first8Bytes);
    BIG_ENDIAN_LONG.set(target, offsetBytes + Long.BYTES, last8Bytes);
  }

  /** The bytes in hexadecimal. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(first8Bytes) + hex.toHexDigits(last8Bytes);
  }
}
