package inlinecrypt.fscrypt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How the data units of one inode are numbered: what turns the index of a data unit in the file
 * into its {@linkplain inlinecrypt.DataUnitNumber number}, whose highest limb is always 0.
 *
 * <table>
 *   <caption>Limbs of the number</caption>
 *   <tr><th>scheme</th><th>limb 0</th><th>limbs 1 and 2</th></tr>
 *   <tr><td>per file</td><td>index</td><td>0</td></tr>
 *   <tr><td>DIRECT_KEY</td><td>index</td><td>nonce</td></tr>
 *   <tr><td>IV_INO_LBLK_64</td><td>inode number &lt;&lt; 32 | index</td><td>0</td></tr>
 *   <tr><td>IV_INO_LBLK_32</td><td>(hashed inode number + index) mod 2<sup>32</sup></td>
 *     <td>0</td></tr>
 * </table>
 *
 * <p>Names and symlinks are data unit 0. In the last two schemes the index has 32 bits, and numbers
 * run on only as long as {@link #contiguousUnits} says. Source: {@code fscrypt_generate_iv} and
 * {@code fscrypt_limit_io_blocks}.
 */
public final class IvScheme {
  private static final VarHandle LITTLE_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOW_32_BITS = 0xffff_ffffL;
  private static final IvScheme PER_FILE = new IvScheme(-1L, 0, 0, 0, 0);

  private final long indexMask; // the bits of limb 0 that count
  private final long countFrom; // what index 0 counts from in those bits
  private final long fixedBits; // the other bits of limb 0
  private final long limb1;
  private final long limb2;

  private IvScheme(long indexMask, long countFrom, long fixedBits, long limb1, long limb2) {
    this.indexMask = indexMask;
    this.countFrom = countFrom;
    this.fixedBits = fixedBits;
    this.limb1 = limb1;
    this.limb2 = limb2;
  }

  /** The number is the index, because each file has its own key. */
  public static IvScheme perFile() {
    return PER_FILE;
  }

  /** DIRECT_KEY: files share a key, and their nonces tell them apart. */
  public static IvScheme directKey(Nonce nonce) {
    byte[] bytes = new byte[Nonce.SIZE_BYTES];
    nonce.write(bytes, 0);
    return new IvScheme(
        -1L,
        0,
        0,
        (long) LITTLE_ENDIAN_LONG.get(bytes, 0),
        (long) LITTLE_ENDIAN_LONG.get(bytes, Long.BYTES));
  }

  /**
   * IV_INO_LBLK_64: files of a filesystem share a key, and their inode numbers tell them apart.
   *
   * @throws IllegalArgumentException if the inode number has more than 32 bits
   */
  public static IvScheme inodeAndIndex64(long inodeNumber) {
    if ((inodeNumber & ~LOW_32_BITS) != 0) {
      throw new IllegalArgumentException(
          "an inode number of IV_INO_LBLK_64 has at most 32 bits, not "
              + Long.toUnsignedString(inodeNumber));
    }
    return new IvScheme(LOW_32_BITS, 0, inodeNumber << Integer.SIZE, 0, 0);
  }

  /**
   * IV_INO_LBLK_32: files of a filesystem share a key, and start at different places.
   *
   * @param hashedInode from {@link MasterSecret#hashInode}
   */
  public static IvScheme inodeAndIndex32(int hashedInode) {
    return new IvScheme(LOW_32_BITS, Integer.toUnsignedLong(hashedInode), 0, 0, 0);
  }

  /** The largest index of a data unit, unsigned. */
  public long maxIndex() {
    return indexMask;
  }

  /**
   * The lowest limb of a data unit's number. An index above {@link #maxIndex} is cut to its low
   * bits; no file that a policy allows has one.
   */
  public long limb0(long dataUnitIndex) {
    return fixedBits | (countFrom + dataUnitIndex) & indexMask;
  }

  public long limb1() {
    return limb1;
  }

  public long limb2() {
    return limb2;
  }

  /**
   * How many data units from an index on have numbers that follow each other, as a bio needs them,
   * unsigned: as far as the count of the lowest limb wraps.
   */
  public long contiguousUnits(long dataUnitIndex) {
    long units = indexMask - ((countFrom + dataUnitIndex) & indexMask);
    return units == -1L ? units : units + 1;
  }
}
