import type { z } from 'zod';
import { adoptionPage } from '../../views/statistics/adoption-page.ts';
import type { FieldProblem } from '../domain/denominator.ts';
import { Refusal } from '../domain/refusal.ts';
import { REPORT_SCOPE, readRpTotal } from '../domain/rp-total.ts';
import { vietNamDay } from '../domain/viet-nam-time.ts';
import type { PageContext, PageHandler } from '../web/page-context.ts';
import { render } from '../web/render.ts';
import { answerJson, readRequest, type StatisticsDeps } from './answer-data.ts';
import { adoptionAsJson, rpTotalFields } from './as-data/adoption-as-data.ts';
import { statisticsDocument } from './as-data/openapi.ts';
import { type AdoptionDeps, type NamedClient, rpAdoption } from './figures/rp-adoption.ts';
import { reportRpTotal } from './imports/import-rp-totals.ts';
import { RP_TOTAL_BODY } from './imports/rp-total-body.ts';
import { adoptionModel } from './pages/adoption-model.ts';
import { listRpTotalVersions } from './stores/rp-total-store.ts';

export type AdoptionRoutesDeps = StatisticsDeps &
  AdoptionDeps & {
    readonly config: { readonly issuer: string };
    readonly findMachineToken: (
      token: string,
    ) => Promise<{ readonly clientId: string; readonly scopes: readonly string[] } | undefined>;
    readonly findReporter: (
      clientId: string,
    ) => Promise<(Pick<NamedClient, 'id'> & { readonly reportsFor?: string }) | undefined>;
  };

type Handlers = Record<
  'showOpenApi' | 'showAdoption' | 'showAdoptionJson' | 'reportTotals' | 'listOwnTotals',
  PageHandler
>;

export function adoptionRoutes(deps: AdoptionRoutesDeps): Handlers {
  const { db } = deps;
  const document = JSON.stringify(statisticsDocument(deps.config.issuer));
  const read = async (ctx: PageContext) => {
    const { filter, access, now } = readRequest(deps, ctx);
    return { adoption: await rpAdoption(deps, { now, asOfDay: filter.asOfDay, viewer: access.viewer }) };
  };
  return {
    showOpenApi: (ctx) => {
      ctx.type = 'json';
      ctx.body = document;
    },
    showAdoption: async (ctx) => {
      const { adoption } = await read(ctx);
      await render(ctx, adoptionPage(ctx.state.chrome, adoptionModel(ctx.state.locale, adoption)));
    },
    showAdoptionJson: async (ctx) => {
      const { adoption } = await read(ctx);
      answerJson(ctx, adoptionAsJson(adoption));
    },
    reportTotals: async (ctx) => {
      const reporter = await readReporter(deps, ctx);
      const body = RP_TOTAL_BODY.safeParse(ctx.request.body);
      if (!body.success)
        return refuseFields(
          ctx,
          body.error.issues.map(({ path, code }) => ({ field: path.join('.') || 'body', reason: code })),
        );
      const { client_id: clientId = reporter.clientIds[0] ?? '', ...fields } = body.data;
      if (!reporter.clientIds.includes(clientId)) throw new Refusal('forbidden');
      const total = readRpTotal({ ...asTexts(fields), client_id: clientId });
      if (!total.ok) return refuseFields(ctx, total.problems);
      if (total.value.toOn > vietNamDay(deps.clock()))
        return refuseFields(ctx, [{ field: 'to_on', reason: 'out_of_range' }]);
      const outcome = await reportRpTotal(deps, total.value, reporter.id);
      if (outcome.kind === 'reason_needed')
        return refuseFields(ctx, [{ field: 'reason', reason: 'reason_needed_for_a_correction' }]);
      ctx.status = outcome.kind === 'recorded' ? 201 : 200;
      ctx.set('Cache-Control', 'no-store');
      ctx.body = rpTotalFields(outcome.total);
    },
    listOwnTotals: async (ctx) => {
      const reporter = await readReporter(deps, ctx);
      const lists = await Promise.all(reporter.clientIds.map((clientId) => listRpTotalVersions(db, clientId)));
      ctx.set('Cache-Control', 'no-store');
      ctx.body = { totals: lists.flat().map(rpTotalFields) };
    },
  };
}

type Reporter = { readonly id: string; readonly clientIds: readonly string[] };

/** Who reports: the client of the access token, for the relying party it is registered for, else for itself; first the one it reports for unless told.
 *  @throws Refusal sign_in_required without a living token of a machine, forbidden without the scope (RFC 6750 section 3.1). */
async function readReporter(deps: AdoptionRoutesDeps, ctx: PageContext): Promise<Reporter> {
  ctx.vary('Authorization');
  const bearer = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization'))?.[1];
  const token = bearer === undefined ? undefined : await deps.findMachineToken(bearer);
  const client = token && (await deps.findReporter(token.clientId));
  if (token === undefined || client === undefined) {
    const error = bearer === undefined ? '' : ', error="invalid_token"';
    ctx.set('WWW-Authenticate', `Bearer realm="totals"${error}`);
    throw new Refusal('sign_in_required');
  }
  if (!token.scopes.includes(REPORT_SCOPE)) {
    ctx.set('WWW-Authenticate', `Bearer realm="totals", error="insufficient_scope", scope="${REPORT_SCOPE}"`);
    throw new Refusal('forbidden');
  }
  return {
    id: client.id,
    clientIds: client.reportsFor === undefined ? [client.id] : [client.reportsFor, client.id],
  };
}

type TotalTexts = Omit<Parameters<typeof readRpTotal>[0], 'client_id'>;

function asTexts(fields: Omit<z.output<typeof RP_TOTAL_BODY>, 'client_id'>): TotalTexts {
  const { basis_persons: persons, basis = '', reason = '', dossiers, through_identity: through, ...rest } = fields;
  return {
    topic: rest.topic.normalize('NFC').trim(),
    from_on: rest.from_on,
    to_on: rest.to_on,
    source: rest.source.normalize('NFC').trim(),
    basis: basis.normalize('NFC').trim(),
    reason: reason.normalize('NFC').trim(),
    dossiers: String(dossiers),
    through_identity: String(through),
    basis_persons: persons === undefined ? '' : String(persons),
  };
}

/** RFC 9457, every field at fault at once. */
function refuseFields(ctx: PageContext, errors: readonly (FieldProblem | { field: string; reason: string })[]): void {
  const { t, requestId } = ctx.state;
  ctx.status = 422;
  ctx.set('Cache-Control', 'no-store');
  ctx.type = 'application/problem+json';
  ctx.body = JSON.stringify({
    type: 'urn:dinhdanh:problem:invalid_field',
    title: t('refusal.invalid_field_title'),
    status: 422,
    detail: t('refusal.invalid_field'),
    code: 'invalid_field',
    errors,
    reference: requestId,
  });
}
