package blockdev.bio;

/** Called once when a bio has ended. */
@FunctionalInterface
public interface BioEnd {
  /**
   * The bio's status is final and its pages are the submitter's again. May submit other bios, and
   * this one again after {@link Bio#reset}. Must not wait.
   */
  void ended(Bio bio);
}
