package blockdev.queue.crypto;

import blockdev.bio.Bio;
import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockDevice;
import blockdev.queue.IoThread;
import inlinecrypt.CryptoKey;

/** A submitter of a device that sends what the device cannot encrypt through the fallback. */
final class CryptoSubmitter implements BioSubmitter {
  private final BlockDevice device;
  private final BioSubmitter below;
  private final FallbackQueue software;

  CryptoSubmitter(BlockDevice device, BioSubmitter below, FallbackQueue software) {
    this.device = device;
    this.below = below;
    this.software = software;
  }

  @Override
  public void submit(Bio bio) {
    CryptoKey key = bio.crypt().key();
    if (key == null
        || !bio.hasData() // which the device refuses
        || BlkCrypto.isNativelySupported(device, key.config())) {
      below.submit(bio);
      return;
    }
    below.events().checkRunning();
    software.submit(bio, key);
    below.events().poll();
  }

  @Override
  public IoThread thread() {
    return below.thread();
  }
}
