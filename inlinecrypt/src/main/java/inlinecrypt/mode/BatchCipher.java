package inlinecrypt.mode;

/**
 * A keyed cipher that keeps the length and works on several data units a call, in place, because a
 * single small one would leave most of a vector idle. Not thread-safe.
 *
 * <p>The units lie in a scratch, each at the start of a <em>slot</em>, one after the other; what a
 * slot has more than its unit may be overwritten. The IV comes as four little-endian limbs, of
 * which a mode with an IV of 16 bytes takes the first two, and goes up by one from unit to unit.
 */
public interface BatchCipher {
  /** How many units of that length one call takes, at least one. */
  int unitsAtOnce(int lengthBytes);

  /** The bytes of a slot for a unit of that length. */
  int slotBytes(int lengthBytes);

  /** Encrypts {@code count} units, from 1 to {@link #unitsAtOnce}. */
  void encrypt(Scratch units, int lengthBytes, int count, long iv0, long iv1, long iv2, long iv3);

  /** Decrypts {@code count} units, from 1 to {@link #unitsAtOnce}. */
  void decrypt(Scratch units, int lengthBytes, int count, long iv0, long iv1, long iv2, long iv3);

  /** Wipes the key and all it was expanded to. */
  void close();
}
