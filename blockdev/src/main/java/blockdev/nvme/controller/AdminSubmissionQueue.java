package blockdev.nvme.controller;

/** The admin queue, whose commands go first, and at once. */
final class AdminSubmissionQueue extends SubmissionQueue {
  private final Runnable executeAll = this::executeAll;
  private boolean executeScheduled;

  AdminSubmissionQueue(
      NvmeController controller, long offset, int entries, CompletionQueue completions) {
    super(controller, NvmeController.ADMIN_QUEUE, offset, entries, completions);
  }

  @Override
  void roomForCompletions() {
    controller.events().deliver();
    super.roomForCompletions();
  }

  @Override
  void askForTurn() {
    if (!executeScheduled) {
      executeScheduled = true;
      completions().events().schedule(executeAll, 0);
    }
  }

  private void executeAll() {
    executeScheduled = false;
    while (hasNext()) {
      controller.admin().execute(new AdminCommand(controller, this, takeNext()));
    }
  }
}
