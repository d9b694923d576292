package inlinecrypt;

/**
 * The number of a data unit: 256 bits in four limbs, {@code limb0} least significant. It becomes
 * the IV: each limb little-endian, in order, cut to the mode's IV size.
 *
 * <p>The hot path keeps the limbs as primitives, in a {@link CryptoContext}; this record is for
 * everybody else. Source: {@code block/blk-crypto.c}.
 */
public record DataUnitNumber(long limb0, long limb1, long limb2, long limb3) {
  /** A number of at most 64 bits. */
  public static DataUnitNumber of(long limb0) {
    return new DataUnitNumber(limb0, 0, 0, 0);
  }

  /**
   * This number advanced by {@code units}, an unsigned 32-bit count. A carry out of the last limb
   * is dropped ({@code bio_crypt_dun_increment}).
   */
  public DataUnitNumber plus(int units) {
    long carry = Integer.toUnsignedLong(units);
    long sum0 = limb0 + carry;
    carry = carryOut(sum0, carry);
    long sum1 = limb1 + carry;
    carry = carryOut(sum1, carry);
    long sum2 = limb2 + carry;
    carry = carryOut(sum2, carry);
    return new DataUnitNumber(sum0, sum1, sum2, limb3 + carry);
  }

  /** The carry of an unsigned addition that gave {@code sum} after adding {@code carryIn}. */
  public static long carryOut(long sum, long carryIn) {
    return Long.compareUnsigned(sum, carryIn) < 0 ? 1 : 0;
  }
}
