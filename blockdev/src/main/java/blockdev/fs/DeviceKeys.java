package blockdev.fs;

import blockdev.queue.BlockDevice;
import blockdev.queue.crypto.BlkCrypto;
import blockdev.sim.WaitPoint;
import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.List;

/** The keys of a filesystem on their way to its device, and back before they are wiped. */
final class DeviceKeys {
  private final BlockDevice device;
  private final BlkCrypto crypto;

  DeviceKeys(BlockDevice device, BlkCrypto crypto) {
    this.device = device;
    this.crypto = crypto;
  }

  /**
   * Asks whether keys of {@code config} can be used at all.
   *
   * @throws FsException ENOPKG if neither the device nor the host can encrypt so
   */
  void requireSupported(CryptoConfig config) {
    if (!crypto.isSupported(device, config)) {
      throw refused(Errno.ENOPKG, config);
    }
  }

  /**
   * Makes {@code key}, which was just made, ready for bios.
   *
   * @throws FsException what {@link BlkCrypto#startUsing} answers
   */
  void start(CryptoKey key) {
    Errno result = crypto.startUsing(device, key);
    if (result != Errno.OK) {
      throw refused(result, key.config());
    }
  }

  private static FsException refused(Errno errno, CryptoConfig config) {
    return new FsException(
        errno,
        "neither the device nor a software fallback takes keys for "
            + config.mode()
            + " with data units of "
            + config.dataUnitSizeBytes()
            + " bytes");
  }

  /**
   * Takes {@code keys} back from the device. Waits.
   *
   * @return OK, or what came last of the errors
   */
  Errno evict(List<CryptoKey> keys) {
    Errno[] worst = {Errno.OK};
    if (!keys.isEmpty()) {
      WaitPoint allEvicted = new WaitPoint();
      int[] left = {keys.size()};
      for (CryptoKey key : keys) {
        crypto.evict(
            device,
            key,
            result -> {
              if (result != Errno.OK) {
                worst[0] = result;
              }
              if (--left[0] == 0) {
                allEvicted.signal();
              }
            });
      }
      device.submitter().await(allEvicted);
    }
    return worst[0];
  }
}
