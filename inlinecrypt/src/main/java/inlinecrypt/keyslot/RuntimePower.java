package inlinecrypt.keyslot;

/**
 * The power of a device that is suspended while nobody needs it ({@code dev} of {@code struct
 * blk_crypto_profile}, and runtime power management).
 *
 * <p>A {@link KeyslotManager} resumes the device for whatever calls it, before it takes the
 * hardware section, and releases it after. It does so for misses, evictions and what {@link
 * WrappedKeys} do; a hit needs no device, and reprogramming comes from those who resume it.
 */
public interface RuntimePower {
  /**
   * Resumes the device, if it is suspended, and keeps it so until {@link #release}.
   *
   * @param resumed run once when that is done, or has failed: nobody asks which. May be run before
   *     this returns, and may come after a {@link KeyslotManager#reprogramAll} of a device that had
   *     lost its keys.
   */
  void resume(Runnable resumed);

  /** Takes back one {@link #resume}. */
  void release();
}
