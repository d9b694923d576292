package blockdev.queue;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import inlinecrypt.keyslot.CryptoProfile;

/** What a device asks of a bio before it does anything with it ({@code submit_bio_noacct}). */
public final class SubmissionCheck {
  private SubmissionCheck() {}

  /**
   * What {@code bio} ends with at once, or OK: IOERR for a context without data, and for data that
   * are not whole blocks of the device; NOTSUPP for a context that {@code profile} does not
   * support, and for a range without data if the device has no such operation; INVAL for a data
   * unit number that is not the address, on a device where it has to be.
   */
  public static BioStatus refusal(
      Bio bio, QueueLimits limits, long capacitySectors, CryptoProfile profile) {
    CryptoKey key = bio.crypt().key();
    if (key != null) {
      if (!bio.hasData()) {
        return BioStatus.IOERR;
      }
      if (!profile.supports(key.config())) {
        return BioStatus.NOTSUPP;
      }
      if (profile.dunIsAddress() && !isAddress(bio, key)) {
        return BioStatus.INVAL;
      }
    }
    if (bio.op() == BioOp.FLUSH) {
      return bio.sizeBytes() == 0 ? BioStatus.OK : BioStatus.IOERR;
    }
    long blockMask = limits.logicalBlockBytes() - 1;
    long startBytes = bio.sector() << QueueLimits.SECTOR_SHIFT;
    if (bio.sizeBytes() == 0
        || ((startBytes | bio.sizeBytes()) & blockMask) != 0
        || bio.sector() < 0
        || bio.sector() > capacitySectors
        || bio.sizeBytes() > (capacitySectors << QueueLimits.SECTOR_SHIFT) - startBytes) {
      return BioStatus.IOERR;
    }
    return bio.op().hasRangeOnly() && limits.maxRangeSectors(bio.op()) == 0
        ? BioStatus.NOTSUPP
        : BioStatus.OK;
  }

  private static boolean isAddress(Bio bio, CryptoKey key) {
    CryptoContext crypt = bio.crypt();
    long startBytes = bio.sector() << QueueLimits.SECTOR_SHIFT;
    return crypt.dun0() == startBytes >>> key.config().dataUnitShift()
        && (crypt.dun1() | crypt.dun2() | crypt.dun3()) == 0
        && (startBytes & (key.config().dataUnitSizeBytes() - 1)) == 0;
  }
}
