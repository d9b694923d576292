package blockdev.queue.crypto;

import blockdev.bio.Bio;
import blockdev.bio.BioStatus;
import blockdev.bio.QueueLimits;
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
 * One write through the fallback ({@code blk_crypto_fallback_encrypt_bio}): waits for a slot, then
 * encrypts up to 256 pages at a time, each time as bounce pages are there, into a bio of their own.
 * The slot is given back when all is encrypted. The source ends, once, when the last of these bios
 * has ended, with the first error; what was submitted before an error reaches the device.
 */
final class FallbackWrite extends KeyslotAcquire {
  private static final int NO_SLOT = -1;

  private final FallbackQueue queue;
  private final PageCursor pages = new PageCursor();
  private final CryptoContext crypt = new CryptoContext(); // of the next page
  private @Nullable Bio source;
  private int slot = NO_SLOT;
  private int pagesLeft;
  private long sector; // of the next page
  private int unended; // encrypted bios, and the encryption itself
  private BioStatus status = BioStatus.OK;

  FallbackWrite(FallbackQueue queue) {
    super(queue.below.events());
    this.queue = queue;
  }

  /** Takes over one use of the source's key. */
  void start(Bio source) {
    this.source = source;
    crypt.copyFrom(source.crypt());
    pagesLeft = pages.count(source);
    pages.start(source);
    sector = source.sector();
    unended = 1;
    status = BioStatus.OK;
    CryptoKey key = Objects.requireNonNull(crypt.key());
    int acquired = queue.fallback.keyslots().acquire(this, key);
    key.endUse(); // the slot has its own, or the wait for one
    if (acquired == KeyslotManager.PENDING) {
      queue.below.thread().flushPlug();
    } else {
      granted(acquired);
    }
  }

  @Override
  protected void granted(int granted) {
    slot = granted;
    encryptRest();
  }

  @Override
  protected void refused(Errno reason) {
    encryptionEnded(BioStatus.of(reason));
  }

  void pagesGranted(EncryptedBio encrypted) {
    encrypt(encrypted);
    encryptRest();
  }

  private void encryptRest() {
    while (pagesLeft > 0) {
      EncryptedBio encrypted = queue.newEncrypted(this);
      if (!queue.takePages(encrypted, Math.min(pagesLeft, Bio.MAX_SEGMENTS))) {
        return;
      }
      encrypt(encrypted);
    }
    queue.fallback.keyslots().release(slot);
    slot = NO_SLOT;
    encryptionEnded(BioStatus.OK);
  }

  private void encryptionEnded(BioStatus result) {
    partEnded(result);
    queue.encryptionEnded();
  }

  private void encrypt(EncryptedBio encrypted) {
    BioStatus result = fill(encrypted);
    if (result == BioStatus.OK) {
      unended++;
      queue.submit(encrypted);
    } else {
      note(result);
      pagesLeft = 0;
      queue.free(encrypted);
    }
  }

  private BioStatus fill(EncryptedBio encrypted) {
    DataUnitCipher cipher = queue.fallback.cipher(slot);
    if (cipher == null) {
      return BioStatus.IOERR;
    }
    int dataUnitSizeBytes = Objects.requireNonNull(crypt.key()).config().dataUnitSizeBytes();
    MemorySegment memory = queue.fallback.memory();
    Bio bio = encrypted.bio.resetLike(source());
    bio.setSector(sector);
    for (int i = 0; i < encrypted.count() && pages.next(); i++) {
      if (!pages.isAligned(dataUnitSizeBytes)) {
        return BioStatus.INVAL;
      }
      long target = encrypted.page(i) + pages.inPageBytes();
      int lengthBytes = pages.lengthBytes();
      try {
        cipher.encrypt(
            crypt.dun0(),
            crypt.dun1(),
            crypt.dun2(),
            crypt.dun3(),
            dataUnitSizeBytes,
            memory,
            pages.hostOffset(),
            memory,
            target,
            lengthBytes);
      } catch (IllegalArgumentException notForThisMode) { // the data unit size
        return BioStatus.IOERR;
      }
      bio.addSegment(target, lengthBytes);
      crypt.advance(lengthBytes);
      pagesLeft--;
    }
    sector += bio.sizeBytes() >>> QueueLimits.SECTOR_SHIFT;
    return BioStatus.OK;
  }

  void ended(EncryptedBio encrypted) {
    BioStatus ofDevice = encrypted.bio.status();
    queue.free(encrypted);
    partEnded(ofDevice);
  }

  private void note(BioStatus result) {
    if (status == BioStatus.OK) {
      status = result;
    }
  }

  private void partEnded(BioStatus result) {
    note(result);
    if (--unended == 0) {
      Bio ended = source();
      BioStatus first = status;
      source = null;
      crypt.clear();
      queue.free(this);
      queue.end(ended, first);
    }
  }

  private Bio source() {
    return Objects.requireNonNull(source);
  }
}
