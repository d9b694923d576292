package inlinecrypt.mode;

/**
 * A keyed cipher that keeps the length and works on one data unit, in place. Not thread-safe.
 *
 * <p>The unit is the first {@code lengthBytes} bytes of a scratch that has at least 16 bytes more;
 * those may be overwritten.
 */
public interface UnitCipher extends BatchCipher {
  int SLACK_BYTES = 16;

  /** Encrypts the one unit. */
  void encrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3);

  /** Decrypts the one unit. */
  void decrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3);

  @Override
  default int unitsAtOnce(int lengthBytes) {
    return 1;
  }

  @Override
  default int slotBytes(int lengthBytes) {
    return lengthBytes + SLACK_BYTES;
  }

  @Override
  default void encrypt(
      Scratch units, int lengthBytes, int count, long iv0, long iv1, long iv2, long iv3) {
    encrypt(units, lengthBytes, iv0, iv1, iv2, iv3);
  }

  @Override
  default void decrypt(
      Scratch units, int lengthBytes, int count, long iv0, long iv1, long iv2, long iv3) {
    decrypt(units, lengthBytes, iv0, iv1, iv2, iv3);
  }
}
