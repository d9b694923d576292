package blockdev.fs;

import inlinecrypt.fscrypt.Nonce;
import inlinecrypt.fscrypt.NonceSource;
import java.util.function.LongFunction;

/**
 * How a filesystem is mounted.
 *
 * @param nonces makes the source of nonces from the mount's generation, a number that no two mounts
 *     of one filesystem share: a source that is seeded must not repeat itself after a remount
 * @param readOnly write nothing to the device, not even that it was mounted
 * @param dataUnitsFromFileStart false; true breaks {@link StrategyKind#LIGHTWEIGHT} on purpose, so
 *     that a check can show it notices
 * @param inlineCrypt whether the device's own engine may encrypt contents (Linux's mount option
 *     {@code inlinecrypt}); else the software fallback does
 */
public record MountOptions(
    LongFunction<NonceSource> nonces,
    boolean readOnly,
    boolean dataUnitsFromFileStart,
    boolean inlineCrypt) {
  private static final long STEP = 0x9E3779B97F4A7C15L; // 2^64 / golden ratio, odd
  private static final int NONCES_BITS = 32; // of one mount, in the count of all

  /** Nonces nobody can foresee, as real data needs them. */
  public static MountOptions secure() {
    return new MountOptions(generation -> NonceSource.secureRandom(), false, false, true);
  }

  /** Nonces that follow from {@code seed}, for runs that can be repeated; not for real data. */
  public static MountOptions seeded(long seed) {
    return new MountOptions(generation -> seededNonces(seed, generation), false, false, true);
  }

  public MountOptions asReadOnly() {
    return new MountOptions(nonces, true, dataUnitsFromFileStart, inlineCrypt);
  }

  public MountOptions withDataUnitsFromFileStart() {
    return new MountOptions(nonces, readOnly, true, inlineCrypt);
  }

  public MountOptions withoutInlineCrypt() {
    return new MountOptions(nonces, readOnly, dataUnitsFromFileStart, false);
  }

  /**
   * Numbers all nonces of a filesystem, and makes the first half of each by a bijection of its
   * number, so that none comes twice.
   */
  private static NonceSource seededNonces(long seed, long generation) {
    long[] number = {generation << NONCES_BITS};
    return () -> {
      long first = mix(seed + number[0]++ * STEP);
      return new Nonce(first, mix(first + seed));
    };
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a bijection. */
  private static long mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }
}
