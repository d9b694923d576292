package blockdev.queue.layer;

import blockdev.bio.Bio;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockDevice;
import blockdev.queue.crypto.BlkCrypto;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sectors in a row on one device, all encrypted with one key ({@code dm-inlinecrypt}): with
 * AES-256-XTS, and data unit numbers that count the target's sectors. The device's engine does it,
 * or the software fallback. On the medium is what dm-crypt writes with {@code aes-xts-plain64}, and
 * with {@code iv_large_sectors} where a sector has more than 512 bytes.
 *
 * <p>The target owns its key, evicts it on {@link #close} and wipes it.
 */
public final class InlineCryptTarget implements Target {
  private final BlkCrypto crypto;
  private final DeviceArea area;
  private final List<BlockDevice> devices;
  private final InlineCryptOptions options;
  private final int unitShift; // from sectors to data units
  private final CryptoKey key;
  private final AtomicLong refusedContexts = new AtomicLong();

  /**
   * @param crypto of the device's simulation
   * @param key 64 bytes, or the blob of a hardware-wrapped key; the caller wipes its array
   * @throws IllegalArgumentException if the device has no such sectors, they are not whole data
   *     units, their numbers do not fit into 64 bits, or the key has another length
   * @throws IllegalStateException if neither the device nor the host can encrypt so
   */
  public InlineCryptTarget(
      BlkCrypto crypto,
      BlockDevice device,
      long startSector,
      long sectors,
      byte[] key,
      InlineCryptOptions options) {
    this.crypto = crypto;
    this.options = options;
    area = new DeviceArea(device, startSector, sectors);
    devices = List.of(device);
    unitShift = Integer.numberOfTrailingZeros(options.sectorBytes()) - QueueLimits.SECTOR_SHIFT;
    if ((sectors & ((1L << unitShift) - 1)) != 0) {
      throw new IllegalArgumentException(
          "sectors must be whole data units of " + (1 << unitShift) + ", is " + sectors);
    }
    long lastSector = options.ivOffset() + (sectors - 1);
    if (Long.compareUnsigned(lastSector, options.ivOffset()) < 0) {
      throw new IllegalArgumentException(
          "data unit numbers from ivOffset "
              + Long.toUnsignedString(options.ivOffset())
              + " on do not fit into 64 bits");
    }
    this.key =
        new CryptoKey(
            new CryptoConfig(
                CryptoMode.AES_256_XTS,
                options.sectorBytes(),
                bytesFor(lastSector >>> unitShift),
                options.keyType(),
                true),
            key);
    Errno result = crypto.startUsing(device, this.key);
    if (result != Errno.OK) {
      this.key.close();
      throw new IllegalStateException(
          "neither the device nor the host can use " + this.key + ": " + result);
    }
  }

  private static int bytesFor(long largestDun) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(largestDun) + 7) / 8);
  }

  /** What its key is for; the width of its numbers follows from the last of them. */
  public CryptoConfig config() {
    return key.config();
  }

  @Override
  public long sectors() {
    return area.sectors();
  }

  @Override
  public List<BlockDevice> devices() {
    return devices;
  }

  @Override
  public int deviceIndex(long sector) {
    return 0;
  }

  @Override
  public long deviceSector(long sector) {
    return area.startSector() + sector;
  }

  @Override
  public long runSectors(long sector) {
    return area.sectors() - sector;
  }

  /** No: it has a key of its own for all that passes. */
  @Override
  public boolean passesCrypto() {
    return false;
  }

  /** At least a data unit, so that users send whole ones. */
  @Override
  public int logicalBlockBytes() {
    return Math.max(Target.super.logicalBlockBytes(), options.sectorBytes());
  }

  /**
   * Gives {@code clone} the context of what lies at {@code sector} of the target.
   *
   * @return OK; IOERR if it has a context already, or starts inside a data unit, or the target is
   *     closed; NOTSUPP for discards that are not allowed, and for zeroes
   */
  BioStatus setContext(Bio clone, long sector) {
    if (!clone.crypt().isEmpty()) {
      refusedContexts.incrementAndGet();
      return BioStatus.IOERR;
    }
    return switch (clone.op()) {
      case READ, WRITE -> setContextOfData(clone, options.ivOffset() + sector);
      case FLUSH -> BioStatus.OK;
      case DISCARD, SECURE_ERASE -> options.allowsDiscards() ? BioStatus.OK : BioStatus.NOTSUPP;
      case WRITE_ZEROES -> BioStatus.NOTSUPP; // zeroes on the medium would not read as zeroes
    };
  }

  private BioStatus setContextOfData(Bio clone, long numberedSector) {
    if (clone.hasData()) {
      if ((numberedSector & ((1L << unitShift) - 1)) != 0) {
        return BioStatus.IOERR;
      }
      try {
        key.checkOpen();
      } catch (IllegalStateException closed) {
        return BioStatus.IOERR;
      }
      clone.crypt().set(key, numberedSector >>> unitShift);
    }
    return BioStatus.OK;
  }

  /** Bios that came with a context of their own: a mistake, of which Linux warns. */
  public long refusedContexts() {
    return refusedContexts.get();
  }

  BlkCrypto crypto() {
    return crypto;
  }

  /**
   * Evicts and wipes the key; waits, so call it from a thread of the simulation.
   *
   * @throws IllegalStateException if a bio of the target is still under way; call again when it has
   *     ended
   */
  @Override
  public void close() {
    BioSubmitter submitter = area.device().submitter();
    WaitPoint evicted = new WaitPoint();
    crypto.evict(area.device(), key, result -> submitter.events().execute(evicted::signal));
    submitter.await(evicted);
    key.close();
  }
}
