import type { RequestListener } from 'node:http';
import type { App } from './assemble.ts';
import { programRequests } from './web/program-requests.ts';

/** Programs, ahead of the pages' machinery. */
export function answerPrograms(
  app: App,
  endpointAt: Parameters<typeof programRequests>[1],
): ReturnType<typeof programRequests> {
  return programRequests(
    {
      ...app,
      issuer: app.config.issuer,
      admitsProgram: app.loadMeter.admitsProgram,
      isCrowded: () => app.waitingRoom.isOpen(),
      watchPage: app.loadMeter.watchPage,
      countVisit: () => app.waitingRoom.entered(),
    },
    endpointAt,
  );
}

/** While the pages are being loaded: programs are answered, all others when `whole` is there. */
export function programsBeforePages(app: App, whole: Promise<RequestListener>): RequestListener {
  const wait: RequestListener = (request, response) => {
    whole.then(
      (answer) => answer(request, response),
      () => response.destroy(),
    );
  };
  // A trace begins in one place, with the pages.
  if (app.tracing !== undefined) return wait;
  const answer = answerPrograms(app, (path) => {
    const endpoint = app.oidc.programAt(path);
    return endpoint?.answer === undefined ? undefined : endpoint;
  });
  return (request, response) => answer(request, response, () => wait(request, response));
}
