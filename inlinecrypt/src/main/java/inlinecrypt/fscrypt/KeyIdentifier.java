package inlinecrypt.fscrypt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The name of a master key under v2 policies: sixteen bytes derived from the key itself, shown as
 * 32 hexadecimal digits ({@code FSCRYPT_KEY_IDENTIFIER_SIZE}).
 *
 * @param first8Bytes the first eight bytes as a big-endian number
 * @param last8Bytes the last eight bytes as a big-endian number
 */
public record KeyIdentifier(long first8Bytes, long last8Bytes) {
  public static final int SIZE_BYTES = 16;

  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /**
   * Reads the 16 bytes at {@code offsetBytes}.
   *
   * @throws IndexOutOfBoundsException if the array has fewer
   */
  public static KeyIdentifier read(byte[] source, int offsetBytes) {
    return new KeyIdentifier(
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
