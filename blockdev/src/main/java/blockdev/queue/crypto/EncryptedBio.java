package blockdev.queue.crypto;

import blockdev.bio.Bio;
import blockdev.bio.BioEnd;
import blockdev.memory.PageGrant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A bio without a context, and the bounce pages with ciphertext that it writes. */
final class EncryptedBio extends PageGrant implements BioEnd {
  final Bio bio = new Bio(Bio.MAX_SEGMENTS, this);
  @Nullable FallbackWrite write; // whose ciphertext it is

  EncryptedBio(FallbackQueue queue) {
    super(Bio.MAX_SEGMENTS, queue.below.events());
  }

  @Override
  protected void granted() {
    Objects.requireNonNull(write).pagesGranted(this);
  }

  @Override
  public void ended(Bio ended) {
    Objects.requireNonNull(write).ended(this);
  }
}
