package blockdev.queue.crypto;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.memory.PageReserve;
import blockdev.queue.BioSubmitter;
import blockdev.queue.BlockDevice;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import inlinecrypt.KeyType;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
  private final BlockDevice device;
  private final Tracer tracer;
  private @Nullable PageReserve bouncePages; // null until the first write
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

  FallbackQueue(Fallback fallback, BlockDevice device, BioSubmitter below) {
    this.fallback = fallback;
    this.device = device;
    this.below = below;
    tracer = device.tracer();
  }

  /**
   * Takes {@code bio}, which has data and the context of {@code key}.
   *
   * @throws IllegalStateException if the key is closed; nothing is then submitted
   */
  void submit(Bio bio, CryptoKey key) {
    key.beginUse(); // or its owner could close it before the slot is held
    tracer.bioSubmitted(bio);
    BioStatus refusal = refusal(bio, key);
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

  private BioStatus refusal(Bio bio, CryptoKey key) {
    if (!fallback.isStarted(key.config().mode())) {
      return BioStatus.IOERR;
    }
    if (key.config().keyType() != KeyType.RAW) {
      return BioStatus.NOTSUPP;
    }
    return bio.op() != BioOp.WRITE || hasBouncePages() ? BioStatus.OK : BioStatus.RESOURCE;
  }

  private boolean hasBouncePages() {
    if (bouncePages == null) {
      bouncePages = fallback.bouncePages(device);
    }
    return bouncePages != null;
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
    boolean there = Objects.requireNonNull(bouncePages).take(encrypted, count);
    if (!there) {
      pageWaits++;
      below.thread().flushPlug(); // which may hold requests that have the pages
    }
    return there;
  }

  void submit(EncryptedBio encrypted) {
    encryptedBios++;
    below.submit(encrypted.bio);
  }

  void free(EncryptedBio encrypted) {
    Objects.requireNonNull(bouncePages).giveBack(encrypted);
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
