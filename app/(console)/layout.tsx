import type { ReactNode } from "react";
import { requireActor } from "#app/_web/actor.ts";
import { ConsoleShell } from "#components/shell/console-shell.tsx";
import { logOutAction, switchWorkspaceAction } from "./actions.ts";
import { SendingLock } from "./sending-lock.tsx";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { user, workspace, workspaces, scope } = await requireActor();
  return (
    <ConsoleShell
      workspaces={workspaces.map(({ id, name, isSample }) => ({ id, name, isSample }))}
      current={{ id: workspace.id, name: workspace.name, isSample: workspace.isSample, timeZone: workspace.timeZone }}
      user={{ name: user.name, email: user.email }}
      switchWorkspace={switchWorkspaceAction}
      logOut={logOutAction}
      changePasswordHref="/settings/account"
    >
      <SendingLock scope={scope} />
      {children}
    </ConsoleShell>
  );
}
