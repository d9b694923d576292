package blockdev.queue.crypto;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.queue.BioSubmitter;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import inlinecrypt.KeyType;
import java.util.ArrayDeque;

/**
 * The fallback for the bios of one submitter: runs on its thread and its events, and keeps what its
 * bios need. Nothing allocates once as many bios have been under way at a time as ever will be.
 *
 * <p>Writes are encrypted one after the other, in the order in which they came: where Linux lets
 * the submitter sleep, for a slot or for pages, those that come later wait here.
 */
final class FallbackQueue {
  final Fallback fallback;
  final BioSubmitter below;
  private final Tracer tracer;
  private final ArrayDeque<FallbackWrite> freeWrites = new ArrayDeque<>();
  private final ArrayDeque<FallbackRead> freeReads = new ArrayDeque<>();
  private final ArrayDeque<EncryptedBio> freeEncrypted = new ArrayDeque<>();
  private final ArrayDeque<Bio> waitingWrites = new ArrayDeque<>();
  private boolean encrypting;
  private boolean startingWrites;

  private long writes;
  private long reads;
  private long encryptedBios;
  private long pageWaits;

  FallbackQueue(Fallback fallback, BioSubmitter below, Tracer tracer) {
    this.fallback = fallback;
    this.below = below;
    this.tracer = tracer;
  }

  /**
   * Takes {@code bio}, which has data and the context of {@code key}.
   *
   * @throws IllegalStateException if the key is closed; nothing is then submitted
   */
  void submit(Bio bio, CryptoKey key) {
    key.beginUse(); // or its owner could close it before the slot is held
    tracer.bioSubmitted(bio);
    BioStatus refusal = refusal(key);
    if (refusal != BioStatus.OK) {
      key.endUse();
      end(bio, refusal);
    } else if (bio.op() == BioOp.WRITE) {
      writes++;
      waitingWrites.add(bio);
      startWrites();
    } else {
      reads++;
      (freeReads.isEmpty() ? new FallbackRead(this) : freeReads.pop()).start(bio);
    }
  }

  private BioStatus refusal(CryptoKey key) {
    if (!fallback.isStarted(key.config().mode())) {
      return BioStatus.IOERR;
    }
    return key.config().keyType() == KeyType.RAW ? BioStatus.OK : BioStatus.NOTSUPP;
  }

  private void startWrites() {
    if (startingWrites) {
      return; // further down the stack
    }
    startingWrites = true;
    while (!encrypting && !waitingWrites.isEmpty()) {
      encrypting = true;
      Bio bio = waitingWrites.remove();
      (freeWrites.isEmpty() ? new FallbackWrite(this) : freeWrites.pop()).start(bio);
    }
    startingWrites = false;
  }

  /** The write that was started last has encrypted all that it will. */
  void encryptionEnded() {
    encrypting = false;
    startWrites();
  }

  /** A bio for ciphertext of {@code write}, without pages yet. */
  EncryptedBio newEncrypted(FallbackWrite write) {
    EncryptedBio encrypted = freeEncrypted.isEmpty() ? new EncryptedBio(this) : freeEncrypted.pop();
    encrypted.write = write;
    return encrypted;
  }

  /** Gets {@code encrypted} its bounce pages; false if it has to wait for them. */
  boolean takePages(EncryptedBio encrypted, int count) {
    boolean there = fallback.bouncePages().take(encrypted, count);
    if (!there) {
      pageWaits++;
    }
    return there;
  }

  void submit(EncryptedBio encrypted) {
    encryptedBios++;
    below.submit(encrypted.bio);
  }

  void free(EncryptedBio encrypted) {
    fallback.bouncePages().giveBack(encrypted);
    freeEncrypted.push(encrypted);
  }

  void free(FallbackWrite write) {
    freeWrites.push(write);
  }

  void free(FallbackRead read) {
    freeReads.push(read);
  }

  void end(Bio bio, BioStatus status) {
    tracer.bioEnded(bio, status);
    bio.endPart(status);
  }

  FallbackCounters counters() {
    return new FallbackCounters(writes, reads, encryptedBios, pageWaits);
  }
}
