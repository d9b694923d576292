package blockdev.sim;

import java.util.List;

/**
 * What lies behind the front end of a device, as far as time goes: dies and channels, a write
 * buffer, an inline crypto engine, and a link with two directions. Each is a {@link Station}.
 *
 * <pre>
 * read   firmware → die → channel → engine → link to the host
 * write  link from the host → engine → firmware → buffer; from there channel → die
 * </pre>
 *
 * <p>Of a read that spans several pages of 4 KiB each part goes its own way, and reserves what
 * comes after its die when its die is done: a part behind a busy die holds up nobody else. The read
 * is done with its last part.
 */
public abstract sealed class MediaModel permits StationedMedia, TimelessMedia {
  MediaModel() {}

  /**
   * The way of one command at a time.
   *
   * @param events those that serve the command
   * @param done run when a transfer has come through, never before {@code Transfer} returns
   */
  public abstract Transfer newTransfer(EventQueue events, Runnable done);

  /** How busy its stations were so far. */
  public abstract List<StationUse> use();
}
