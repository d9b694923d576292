package inlinecrypt.mode;

/**
 * A keyed cipher that keeps the length and works on one data unit, in place. Not thread-safe.
 *
 * <p>The unit is the first {@code lengthBytes} bytes of a scratch that has at least 16 bytes more;
 * those may be overwritten. The IV comes as four little-endian limbs, of which a mode with an IV of
 * 16 bytes takes the first two.
 */
public interface UnitCipher {
  void encrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3);

  void decrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3);

  /** Wipes the key and all it was expanded to. */
  void close();
}
