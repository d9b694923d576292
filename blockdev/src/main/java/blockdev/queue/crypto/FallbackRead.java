package blockdev.queue.crypto;

import blockdev.bio.Bio;
import blockdev.bio.BioEnd;
import blockdev.bio.BioStatus;
import inlinecrypt.CryptoContext;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.keyslot.KeyslotAcquire;
import inlinecrypt.keyslot.KeyslotManager;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One read through the fallback: a clone of the bio without its context goes to the device, and
 * when that has ended well, another event decrypts in place ({@code
 * blk_crypto_fallback_decrypt_bio}). An error on the way leaves the memory decrypted in part.
 */
final class FallbackRead extends KeyslotAcquire implements BioEnd {
  private final FallbackQueue queue;
  private final Bio clone = new Bio(0, this);
  private final Runnable work = this::acquireSlot;
  private final PageCursor pages = new PageCursor();
  private final CryptoContext crypt = new CryptoContext(); // of the next page
  private @Nullable Bio source;

  FallbackRead(FallbackQueue queue) {
    super(queue.below.events());
    this.queue = queue;
  }

  /** Takes over one use of the source's key. */
  void start(Bio source) {
    this.source = source;
    crypt.copyFrom(source.crypt());
    source.cloneInto(clone);
    clone.crypt().clear();
    queue.below.submit(clone);
  }

  @Override
  public void ended(Bio ended) {
    if (ended.status() == BioStatus.OK) {
      queue.below.events().execute(work);
    } else {
      keyInUse().endUse();
      end(ended.status());
    }
  }

  private void acquireSlot() {
    CryptoKey key = keyInUse();
    int slot = queue.fallback.keyslots().acquire(this, key);
    key.endUse(); // the slot has its own, or the wait for one
    if (slot != KeyslotManager.PENDING) {
      granted(slot);
    }
  }

  @Override
  protected void granted(int slot) {
    BioStatus status = decrypt(queue.fallback.cipher(slot));
    queue.fallback.keyslots().release(slot);
    end(status);
  }

  @Override
  protected void refused(Errno reason) {
    end(BioStatus.of(reason));
  }

  private BioStatus decrypt(@Nullable DataUnitCipher cipher) {
    if (cipher == null) {
      return BioStatus.IOERR;
    }
    int dataUnitSizeBytes = keyInUse().config().dataUnitSizeBytes();
    MemorySegment memory = queue.fallback.memory();
    pages.start(source());
    while (pages.next()) {
      if (!pages.isAligned(dataUnitSizeBytes)) {
        return BioStatus.INVAL;
      }
      try {
        cipher.decrypt(
            crypt.dun0(),
            crypt.dun1(),
            crypt.dun2(),
            crypt.dun3(),
            dataUnitSizeBytes,
            memory,
            pages.hostOffset(),
            memory,
            pages.hostOffset(),
            pages.lengthBytes());
      } catch (IllegalArgumentException notForThisMode) { // the data unit size
        return BioStatus.IOERR;
      }
      crypt.advance(pages.lengthBytes());
    }
    return BioStatus.OK;
  }

  private void end(BioStatus status) {
    Bio ended = source();
    source = null;
    crypt.clear();
    queue.free(this);
    queue.end(ended, status);
  }

  private CryptoKey keyInUse() {
    return Objects.requireNonNull(crypt.key());
  }

  private Bio source() {
    return Objects.requireNonNull(source);
  }
}
